//! The id by which people know a run.

use crate::Malformed;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// `run_20260114_093012_k3v9q2xw`: the UTC second of its making and 40 random bits in base32.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);

impl RunId {
    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The random tail, enough to tell runs apart on a board.
    pub fn tail(&self) -> &str {
        &self.0[20..]
    }
}

impl FromStr for RunId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let well_formed = text.len() == 28
            && text.bytes().enumerate().all(|(at, byte)| match at {
                0..=3 => b"run_"[at] == byte,
                12 | 19 => byte == b'_',
                4..=18 => byte.is_ascii_digit(),
                _ => matches!(byte, b'a'..=b'z' | b'2'..=b'7'),
            });
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed {
                what: "run id",
                form: "run_YYYYMMDD_HHMMSS_ and 8 of a-z2-7",
                value: text.to_owned(),
            })
        }
    }
}

impl TryFrom<String> for RunId {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_id_is_read_and_written_unchanged() {
        let id: RunId = "run_20260114_093012_k3v7q2xw".parse().unwrap();
        assert_eq!(id.to_string(), "run_20260114_093012_k3v7q2xw");
        assert_eq!(id.tail(), "k3v7q2xw");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "run_20260114_093012_k3v9q2x",
            "run_20260114_093012_K3V9Q2XW",
            "run-20260114_093012_k3v2q2xw",
            "run_20260114_093012_k3v1q2xw",
        ] {
            assert!(text.parse::<RunId>().is_err(), "{text}");
        }
    }
}
