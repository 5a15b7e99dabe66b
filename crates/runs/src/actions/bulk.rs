//! `runs.bulk`: works through the frozen list of a bulk operation.

use super::{Action, ActionCall, ActionFailure, ActionHandler, Execution, OptionKind, OptionSpec};
use domain::Role;
use futures::future::BoxFuture;
use serde_json::{Value, json};

/// Items per transaction: small enough that a cancel is obeyed at once and no lock is held for long.
const BATCH: i32 = 50;

/// What the registry says of it.
pub(super) const ACTION: Action = Action {
    name: "runs.bulk",
    title: "Do one thing to many runs",
    description: "Works through a bulk operation; POST /api/bulk starts it.",
    scopes: &[],
    options: &[OptionSpec {
        name: "bulk_id",
        kind: OptionKind::String,
        required: true,
        meaning: "The bulk operation.",
    }],
    role: Role::Operator,
    lane: "D",
    execution: Execution::Handler,
};

/// Does the items batch by batch. Each batch holds the lease while it commits, so that of two workers that
/// believe to hold the run only one gets anywhere.
pub(super) struct Bulk;

impl ActionHandler for Bulk {
    fn run<'a>(&'a self, call: ActionCall<'a>) -> BoxFuture<'a, Result<Value, ActionFailure>> {
        Box::pin(work(call))
    }
}

async fn work(call: ActionCall<'_>) -> Result<Value, ActionFailure> {
    loop {
        if call.stop.is_cancelled() {
            return Err(ActionFailure::stopped());
        }
        let mut tx = call.begin().await?;
        let applied = db::bulk::apply(&mut tx, call.run_id, call.lease_seq, BATCH).await?;
        tx.commit().await.map_err(db::DbError::from)?;
        let ended = applied.total - applied.left;
        let words = format!(
            "{} done, {} skipped, {} failed",
            applied.done, applied.skipped, applied.failed
        );
        call.voice.progress(ended as u64, Some(applied.total as u64), &words);
        if applied.left == 0 {
            call.voice.log(&format!("Of {} runs: {words}.", applied.total)).await;
            return Ok(json!({
                "bulk_id": applied.bulk_id, "total": applied.total, "done": applied.done,
                "skipped": applied.skipped, "failed": applied.failed,
            }));
        }
    }
}
