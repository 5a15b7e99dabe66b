//! Reading views from JSON in the browser.
//!
//! Serde reads faster, but its code for thirty views is a tenth of what a browser has to load. This reads a JSON value
//! field by field with one shared function per type of field.

use domain::{RunStatus, StepStatus};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// What can be read from a JSON value; `None` for a form this build does not know.
pub trait FromJson: Sized {
    /// Reads `value`.
    fn from_json(value: Value) -> Option<Self>;
}

/// Reads a struct: `from_json!(Name { field, field })`.
macro_rules! from_json {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::views::json::FromJson for $name {
            fn from_json(value: serde_json::Value) -> Option<Self> {
                let mut fields = $crate::views::json::Fields::of(value)?;
                Some(Self { $($field: fields.take(stringify!($field))?),* })
            }
        }
    };
}
pub(crate) use from_json;

/// The fields of an object.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of `value`, if it is an object.
    pub(crate) fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(Self(fields)),
            _ => None,
        }
    }

    /// Takes one out; a field that is not there reads as null.
    pub(crate) fn take<T: FromJson>(&mut self, name: &str) -> Option<T> {
        T::from_json(self.take_value(name))
    }

    fn take_value(&mut self, name: &str) -> Value {
        self.0.get_mut(name).map(Value::take).unwrap_or_default()
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

impl FromJson for i64 {
    fn from_json(value: Value) -> Option<Self> {
        value.as_i64()
    }
}

impl FromJson for i32 {
    fn from_json(value: Value) -> Option<Self> {
        value.as_i64().and_then(|number| number.try_into().ok())
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Option<Self> {
        value.as_bool()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_json(value).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Array(items) => items.into_iter().map(T::from_json).collect(),
            _ => None,
        }
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(value: Value) -> Option<Self> {
        let Value::Array(items) = value else { return None };
        let [first, second] = <[Value; 2]>::try_from(items).ok()?;
        Some((A::from_json(first)?, B::from_json(second)?))
    }
}

impl FromJson for RunStatus {
    fn from_json(value: Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

impl FromJson for StepStatus {
    fn from_json(value: Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

/// A view in an answer of the server, read by way of [`FromJson`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sent<T>(pub T);

impl<'de, T: FromJson> Deserialize<'de> for Sent<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(input)?;
        T::from_json(value)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("the server answered in a form this page does not know"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::{AttemptView, ErrorView};

    #[test]
    fn a_view_is_read_as_it_was_written() {
        let view = AttemptView {
            attempt: 2,
            lease_seq: 7,
            worker: "w".to_owned(),
            claimed_at: 1,
            ended_at: None,
            outcome: "failed".to_owned(),
            error: Some(ErrorView {
                code: "step_failed".to_owned(),
                message: "exit 1".to_owned(),
                hint: None,
                step: Some("probe".to_owned()),
            }),
        };
        let text = serde_json::to_string(&Sent(vec![view.clone()])).unwrap();
        assert_eq!(serde_json::from_str::<Sent<Vec<AttemptView>>>(&text).unwrap().0, [view]);
    }

    #[test]
    fn another_form_is_an_error() {
        assert!(serde_json::from_str::<Sent<Vec<AttemptView>>>("[{\"attempt\": \"two\"}]").is_err());
    }
}
