//! `retention.apply`: forgets what is older than the saved days, in small steps.

use super::{Action, ActionCall, ActionFailure, ActionHandler, Execution};
use crate::retention::KINDS;
use domain::Role;
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

/// Rows per transaction.
const BATCH: i32 = 500;

/// What the registry says of it.
pub(super) const ACTION: Action = Action {
    name: "retention.apply",
    title: "Retention",
    description: "Forgets history that is older than an admin wants to keep it.",
    scopes: &[],
    options: &[],
    role: Role::Admin,
    lane: "D",
    execution: Execution::Handler,
};

/// Removes only what the saved days allow, so that it does no harm whoever starts it and how often.
pub(super) struct Retention;

impl ActionHandler for Retention {
    fn run<'a>(&'a self, call: ActionCall<'a>) -> BoxFuture<'a, Result<Value, ActionFailure>> {
        Box::pin(work(call))
    }
}

async fn work(call: ActionCall<'_>) -> Result<Value, ActionFailure> {
    let mut removed = Map::new();
    for (at, kind) in KINDS.into_iter().enumerate() {
        let mut count = 0;
        loop {
            if call.stop.is_cancelled() {
                return Err(ActionFailure::stopped());
            }
            let mut tx = call.begin().await?;
            let step = db::retention::apply(&mut tx, kind, BATCH).await?;
            tx.commit().await.map_err(db::DbError::from)?;
            count += step.removed;
            if let Some(day) = step.day {
                call.voice.log(&format!("Dropped the {kind} of {day}.")).await;
            }
            if step.busy {
                call.voice
                    .log(&format!("The {kind} are in use; the next run tries again."))
                    .await;
            }
            call.voice
                .progress(at as u64, Some(KINDS.len() as u64), &format!("{count} {kind}"));
            if !step.more {
                break;
            }
        }
        call.voice.log(&format!("Removed {count} rows of {kind}.")).await;
        removed.insert(kind.to_owned(), json!(count));
    }
    Ok(Value::Object(removed))
}
