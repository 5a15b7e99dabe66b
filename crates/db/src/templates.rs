//! Saving templates. Each save makes a version that never changes; [`crate::reads`] reads them.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;

pub use crate::reads::{TemplateRow, TemplateVersion, template, templates};

/// A version to be saved.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// Saved by.
    pub created_by: Option<&'a str>,
}

/// Saves a version and answers with its number. An archived template comes back.
pub async fn save_version(conn: &mut PgConnection, now: DateTime<Utc>, version: &NewVersion<'_>) -> Result<i32> {
    let number = sqlx::query_scalar(SAVE_VERSION)
        .bind(version.slug)
        .bind(version.title)
        .bind(version.description)
        .bind(version.lane)
        .bind(Json(version.definition))
        .bind(version.source)
        .bind(version.created_by)
        .bind(now)
        .fetch_one(conn)
        .await?;
    Ok(number)
}

/// Takes a template out of the list; false when it is not in it. Its runs keep their version.
pub async fn archive(conn: &mut PgConnection, now: DateTime<Utc>, slug: &str) -> Result<bool> {
    Ok(sqlx::query(ARCHIVE)
        .bind(slug)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected()
        == 1)
}

statements! {
    /// Of two saves at once the row lock of the first upsert makes the second count on from it.
    SAVE_VERSION = "
        with saved as (
          insert into public.run_templates as t
            (slug, title, description, lane, latest_version, created_at, updated_at)
          values ($1, $2, $3, $4, 1, $8, $8)
          on conflict (slug) do update
          set title = excluded.title, description = excluded.description, lane = excluded.lane,
            latest_version = t.latest_version + 1, archived_at = null, updated_at = excluded.updated_at
          returning slug, latest_version
        )
        insert into public.run_template_versions (slug, version, definition, source, created_by, created_at)
        select slug, latest_version, $5, $6, $7, $8
        from saved
        returning version";
    ARCHIVE = "update public.run_templates set archived_at = $2 where slug = $1 and archived_at is null";
}
