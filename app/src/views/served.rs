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
