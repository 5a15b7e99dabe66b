//! A page that the server drew.

use super::json::from_json;
use serde::{Deserialize, Serialize};

/// What the browser shows as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServedView {
    /// Title of the document.
    pub title: String,
    /// The page.
    pub html: String,
}

from_json!(ServedView { title, html });

/// What comes of a change in the editor of templates.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EditView {
    /// The text as it is now.
    pub source: String,
    /// Parts of the page that are drawn anew: id and HTML.
    pub pieces: Vec<(String, String)>,
    /// Id of what the keyboard goes to; empty when it stays.
    pub focus: String,
    /// Where to go instead; empty when the page stays.
    pub address: String,
}

from_json!(EditView {
    source,
    pieces,
    focus,
    address
});
