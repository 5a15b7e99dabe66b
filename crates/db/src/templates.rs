//! Saving and archiving templates. Each save makes a version that never changes; [`crate::reads`] reads
//! them. The SQL functions decide who may, and write the audit row.

use crate::{PgConnection, Result, statements::statements};
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;

pub use crate::reads::{TemplateRow, TemplateVersion, template, templates};

/// A version to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NewVersion<'a> {
    /// Name.
    pub slug: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// Its lane.
    pub lane: &'a str,
    /// Normalized definition (`domain::Template`).
    pub definition: &'a Value,
    /// As a person wrote it.
    pub source: &'a str,
}

/// Saves a version and answers with its number. An archived template comes back.
pub async fn save_version(conn: &mut PgConnection, version: &NewVersion<'_>) -> Result<i32> {
    Ok(sqlx::query_scalar(SAVE_VERSION)
        .bind(Json(version))
        .fetch_one(conn)
        .await?)
}

/// Takes a template out of the list; false when it is not in it. Its runs keep their version.
pub async fn archive(conn: &mut PgConnection, slug: &str) -> Result<bool> {
    Ok(sqlx::query_scalar(ARCHIVE).bind(slug).fetch_one(conn).await?)
}

statements! {
    SAVE_VERSION = "select public.save_template($1)";
    ARCHIVE = "select public.archive_template($1)";
}
