//! Lanes: made, edited, deleted. Postgres checks the right and the numbers.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one argument per field of its form"
)]

use super::filled;
use crate::api::{PageError, caller};
use leptos::prelude::*;
use runs::control::{self, LaneSpec};

/// Makes a lane, or edits the version that was read.
#[server(prefix = "/fn", endpoint = "save_lane")]
pub(crate) async fn save_lane(
    name: String,
    #[server(default)] version: Option<i64>,
    title: String,
    #[server(default)] purpose: String,
    #[server(default)] position: String,
    #[server(default)] max_running: String,
    #[server(default)] max_per_key: String,
    #[server(default)] rate_limit: String,
    #[server(default)] rate_seconds: String,
    #[server(default)] aging_seconds: String,
) -> Result<(), PageError> {
    let (services, claims) = caller()?;
    let spec = LaneSpec {
        title,
        purpose: filled(&purpose).map(str::to_owned),
        position: number("position", &position)?,
        max_running: number("max_running", &max_running)?,
        max_per_key: number("max_per_key", &max_per_key)?,
        rate_limit: number("rate_limit", &rate_limit)?,
        rate_seconds: number("rate_seconds", &rate_seconds)?,
        aging_seconds: number("aging_seconds", &aging_seconds)?,
    };
    let mut tx = services.begin(&claims).await?;
    control::save_lane(&mut tx, name.trim(), &spec, version).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Deletes a lane that nothing names.
#[server(prefix = "/fn", endpoint = "delete_lane")]
pub(crate) async fn delete_lane(name: String) -> Result<(), PageError> {
    let (services, claims) = caller()?;
    let mut tx = services.begin(&claims).await?;
    control::delete_lane(&mut tx, &name).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

fn number(field: &str, text: &str) -> Result<Option<i32>, PageError> {
    let Some(text) = filled(text) else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| PageError::of(field, format!("{text:?} is not a whole number.")))
}
