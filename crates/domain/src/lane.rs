//! The name of a lane.

use crate::Malformed;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Short upper-case name of an ordered stream of runs, such as `A`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LaneName(String);

impl LaneName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LaneName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let well_formed = (1..=31).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_uppercase())
            && text
                .bytes()
                .all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed {
                what: "lane name",
                form: "a capital letter, then capitals, digits or _",
                value: text.to_owned(),
            })
        }
    }
}

impl TryFrom<String> for LaneName {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<LaneName> for String {
    fn from(name: LaneName) -> Self {
        name.0
    }
}

impl fmt::Display for LaneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lane_names_are_short_and_upper_case() {
        assert!("A".parse::<LaneName>().is_ok());
        assert!("GPU_2".parse::<LaneName>().is_ok());
        for text in ["", "a", "2A", "A-B"] {
            assert!(text.parse::<LaneName>().is_err(), "{text}");
        }
    }
}
