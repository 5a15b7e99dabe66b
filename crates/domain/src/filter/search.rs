//! What `q` looks for: words in title, id or requester, or a parameter by its path.

use serde_json::{Map, Value};
use std::fmt;

/// One `q`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Words, as they stand.
    Text(String),
    /// A parameter: `payload.user.id:7`, `params.size:1`.
    Param(ParamIs),
}

/// A parameter and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamIs {
    /// Keys from the top.
    pub path: Vec<String>,
    /// The value as it was written.
    pub value: String,
}

impl Search {
    /// Reads a text; one in double quotes is never a path.
    pub fn read(text: &str) -> Self {
        if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            return Self::Text(inner.to_owned());
        }
        match param(text) {
            Some(param) => Self::Param(param),
            None => Self::Text(text.to_owned()),
        }
    }
}

fn param(text: &str) -> Option<ParamIs> {
    let (path, value) = text.split_once(':')?;
    let mut path: Vec<&str> = path.split('.').collect();
    let is_key = |key: &&str| {
        key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && key
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-')
    };
    if value.is_empty() || path.len() < 2 || path.len() > 20 || !path.iter().all(is_key) {
        return None;
    }
    if path[0] == "params" {
        path.remove(0);
    }
    Some(ParamIs {
        path: path.into_iter().map(str::to_owned).collect(),
        value: value.to_owned(),
    })
}

impl ParamIs {
    /// The documents of which parameters contain one: the value as JSON, and the value as a text.
    pub fn documents(&self) -> Vec<Value> {
        let text = Value::String(self.value.trim_matches('"').to_owned());
        let plain = serde_json::from_str::<Value>(&self.value)
            .ok()
            .filter(|value| value.is_number() || value.is_boolean() || value.is_null());
        plain.into_iter().chain([text]).map(|value| self.wrap(value)).collect()
    }

    fn wrap(&self, value: Value) -> Value {
        self.path.iter().rev().fold(value, |inner, key| {
            Value::Object(Map::from_iter([(key.clone(), inner)]))
        })
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param(param) => {
                if param.path.len() == 1 || param.path[0] == "params" {
                    f.write_str("params.")?;
                }
                write!(f, "{}:{}", param.path.join("."), param.value)
            }
            Self::Text(text) if Self::read(text) == *self => f.write_str(text),
            Self::Text(text) => write!(f, "\"{text}\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_names_a_parameter_and_a_quoted_one_is_text() {
        let Search::Param(param) = Search::read("payload.user.id:7") else {
            panic!("a path")
        };
        assert_eq!(
            param.documents(),
            [
                json!({"payload": {"user": {"id": 7}}}),
                json!({"payload": {"user": {"id": "7"}}})
            ]
        );
        for text in ["https://example.org", "nightly: done", "size:1", "a.b:"] {
            assert_eq!(Search::read(text), Search::Text(text.to_owned()));
        }
        assert_eq!(Search::read("\"a.b:1\""), Search::Text("a.b:1".to_owned()));
        assert_eq!(Search::read("params.size:1").to_string(), "params.size:1");
    }
}
