//! Actions as Postgres knows them: who may start each, for those who enqueue by SQL.

use crate::{PgConnection, Result, statements::statements};
use serde::Serialize;
use sqlx::types::Json;

/// What Postgres has to know of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KnownAction<'a> {
    /// Its name.
    pub name: &'a str,
    /// Lowest role that may start it.
    pub role: &'a str,
}

/// Notes what actions there are; those that were noted before stay.
pub async fn keep(conn: &mut PgConnection, actions: &[KnownAction<'_>]) -> Result<()> {
    sqlx::query(KEEP).bind(Json(actions)).execute(conn).await?;
    Ok(())
}

statements! {
    KEEP = "select runboard_internal.keep_actions($1)";
}
