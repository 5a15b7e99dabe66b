//! Templates and the form that starts one.

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

/// The form that starts a template, made from its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartFormView {
    /// The template.
    pub template: TemplateView,
    /// One per parameter, in the order of the schema.
    pub fields: Vec<FieldView>,
    /// Lanes a person may choose.
    pub lanes: Vec<(String, String)>,
    /// Parameters of recent runs: a label and the texts of the fields.
    pub recent: Vec<(String, Vec<(String, String)>)>,
}

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

/// How a parameter is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// One line.
    Text,
    /// An address.
    Address,
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
