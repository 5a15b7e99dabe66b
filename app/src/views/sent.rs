//! How views cross the wire.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

/// A view in an answer of the server. It is read by way of a JSON value, so that the bundle carries the reading of a
/// view once and not once for every kind of text it may come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sent<T>(pub T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Sent<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(input)?;
        serde_json::from_value(value)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}
