//! What a notification says.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A reason to look sooner. It carries names, never data; missing one must cost time only.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Hint {
    /// Lanes have new work.
    Enqueued {
        /// Which lanes.
        #[serde(default)]
        lanes: Names,
        /// Which runs.
        #[serde(default)]
        runs: Names,
    },
    /// A person wants runs to end, or ended runs that waited.
    Cancel {
        /// Which runs.
        #[serde(default)]
        runs: Names,
    },
    /// Runs or their logs changed.
    Changed {
        /// Which runs.
        #[serde(default)]
        runs: Names,
        /// Runs with new log lines.
        #[serde(default)]
        logs: Names,
    },
    /// Lanes were paused, resumed or edited.
    Lane {
        /// Which lanes.
        #[serde(default)]
        lanes: Names,
    },
    /// A worker came, went or drains.
    Worker,
}

/// The names in a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// These.
    These(Vec<String>),
    /// Too many to name: look at all.
    Many,
}

impl Names {
    /// Whether `name` may be meant.
    pub fn mean(&self, name: &str) -> bool {
        match self {
            Self::These(names) => names.iter().any(|known| known == name),
            Self::Many => true,
        }
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        match Option::<Value>::deserialize(input)? {
            Some(Value::Array(names)) => Ok(Self::These(
                names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            )),
            Some(_) => Ok(Self::Many),
            None => Ok(Self::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &str) -> Hint {
        serde_json::from_str(payload).unwrap()
    }

    #[test]
    fn a_hint_names_what_to_look_at() {
        let these = |names: &[&str]| Names::These(names.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(
            read(r#"{"t":"enqueued","lanes":["B"],"runs":"many"}"#),
            Hint::Enqueued {
                lanes: these(&["B"]),
                runs: Names::Many
            }
        );
        assert_eq!(
            read(r#"{"t":"changed","logs":["run_1"]}"#),
            Hint::Changed {
                runs: these(&[]),
                logs: these(&["run_1"])
            }
        );
        assert_eq!(read(r#"{"t":"worker","worker":"x"}"#), Hint::Worker);
    }

    #[test]
    fn many_means_everything() {
        assert!(Names::Many.mean("run_1"));
        assert!(!Names::default().mean("run_1"));
    }
}
