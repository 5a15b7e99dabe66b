//! The words of the Sheets API v4, as Google describes them.
//!
//! Every field may be missing or null on the way in, and is left out on the way out when there is nothing to say; whole
//! numbers may come as texts. Fields nobody here knows are passed over, so that newer clients are understood.

mod cell;
mod error;
mod filter;
mod request;
mod spreadsheet;
mod values;

pub use cell::*;
pub use error::*;
pub use filter::*;
pub use request::*;
pub use spreadsheet::*;
pub use values::*;

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// Declares messages whose fields are all optional.
macro_rules! messages {
    ($($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
            #[serde(rename_all = "camelCase", default)]
            pub struct $name {
                $(
                    $(#[$field_about])*
                    #[serde(skip_serializing_if = "Option::is_none")]
                    pub $field: Option<$kind>,
                )*
            }
        )*
    };
}
use messages;

/// Reads a whole number that may be written as a text or as `3.0`.
fn whole<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<i64>, D::Error> {
    let value = Option::<Value>::deserialize(reader)?;
    let whole = match &value {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_i64().or_else(|| {
            let near = number
                .as_f64()
                .filter(|number| number.fract() == 0.0 && number.abs() < 9e15)?;
            Some(near as i64)
        }),
        Some(Value::String(text)) => text.parse().ok(),
        Some(_) => None,
    };
    match whole {
        Some(whole) => Ok(Some(whole)),
        None => Err(de::Error::custom(format!(
            "{} is not a whole number",
            value.unwrap_or_default()
        ))),
    }
}

#[cfg(test)]
mod tests;
