//! Templates and the form that starts one.

use super::json::FromJson;
use super::json::from_json;
use serde::{Deserialize, Serialize};

/// A template in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// Name in addresses.
    pub slug: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Its lane.
    pub lane: String,
    /// Newest version.
    pub version: i32,
    /// Last saved.
    pub updated_at: i64,
}

from_json!(TemplateView {
    slug,
    title,
    description,
    lane,
    version,
    updated_at
});

/// One parameter as a form field. Texts are what the input holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// Key in the parameters.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What to enter.
    pub help: Option<String>,
    /// How it is entered.
    pub kind: FieldKind,
    /// Whether it must be given.
    pub required: bool,
    /// What it holds at first.
    pub value: String,
    /// Least number, or shortest text.
    pub min: Option<String>,
    /// Greatest number, or longest text.
    pub max: Option<String>,
    /// Regular expression the text must match.
    pub pattern: Option<String>,
}

from_json!(FieldView {
    key,
    label,
    help,
    kind,
    required,
    value,
    min,
    max,
    pattern
});

/// How a parameter is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// One line.
    Text,
    /// An address.
    Address,
    /// One line that nobody reads along.
    Secret,
    /// Several lines.
    Lines,
    /// One text per line.
    List,
    /// A number with a fraction.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// One of these.
    Choice(Vec<String>),
    /// Any JSON.
    Json,
}

impl FromJson for FieldKind {
    fn from_json(value: serde_json::Value) -> Option<Self> {
        let Some(word) = value.as_str() else {
            let choices = value.get("Choice")?.clone();
            return FromJson::from_json(choices).map(Self::Choice);
        };
        [
            Self::Text,
            Self::Address,
            Self::Secret,
            Self::Lines,
            Self::List,
            Self::Number,
            Self::Integer,
            Self::Flag,
            Self::Json,
        ]
        .into_iter()
        .find(|kind| format!("{kind:?}") == word)
    }
}
