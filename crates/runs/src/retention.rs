//! Retention: how long history is kept. Nothing goes until an admin says so; then a daily schedule starts
//! the action `retention.apply`, which anybody can watch like any other run.

use crate::{
    actions::{self, ActionRequest},
    enqueue::EnqueueError,
};
use db::{PgConnection, Result};
use domain::Claims;
use serde_json::Value;

pub use crate::enqueue::Enqueued;
pub use db::retention::{PreviewRow, RetentionRow, list, preview, save};

/// Kinds of history, in the order in which they go: the parts of a run before the run.
pub const KINDS: [&str; 5] = ["logs", "events", "runs", "bulk", "alerts"];

/// Starts the work now.
pub async fn run_now(conn: &mut PgConnection, claims: &Claims) -> std::result::Result<Enqueued, EnqueueError> {
    let request = ActionRequest {
        action: "retention.apply".to_owned(),
        ..ActionRequest::default()
    };
    actions::start(conn, claims, request).await
}

/// Saves days and answers with what is kept now.
pub async fn change(conn: &mut PgConnection, days: &Value) -> Result<Vec<RetentionRow>> {
    save(conn, days).await?;
    list(conn).await
}
