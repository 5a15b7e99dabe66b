//! `artifacts.sweep`: removes from the object store what no artifact names any more.

use super::{Action, ActionCall, ActionFailure, ActionHandler, Execution};
use crate::artifacts::{self, Store};
use domain::Role;
use futures::future::BoxFuture;
use serde_json::{Value, json};

/// Its name.
pub const NAME: &str = "artifacts.sweep";

/// Objects removed by one run; what is left waits for the next.
const MOST: usize = 10_000;

/// What it is.
pub(super) const ACTION: Action = Action {
    name: NAME,
    title: "Sweep the artifacts",
    description: "Removes stored bytes that no artifact names: those of runs that were deleted and of uploads that never ended.",
    scopes: &[],
    options: &[],
    role: Role::Admin,
    lane: "D",
    execution: Execution::Handler,
};

/// Does it.
#[derive(Debug, Default)]
pub struct ArtifactsSweep {
    store: Option<Store>,
}

impl ArtifactsSweep {
    /// Sweeps `store`; the default has none and says so.
    pub fn of(store: Store) -> Self {
        Self { store: Some(store) }
    }

    async fn sweep(&self, call: ActionCall<'_>) -> Result<Value, ActionFailure> {
        let Some(store) = &self.store else {
            return Err(ActionFailure::new("no_object_store", "this worker has no object store")
                .hint("Run it on a worker with RUNBOARD_ARTIFACTS."));
        };
        let swept = artifacts::sweep(call.pool, store, MOST, |so_far| {
            call.voice
                .progress(so_far.removed_count as u64, None, "Objects removed.");
            !call.stop.is_cancelled()
        })
        .await?;
        if call.stop.is_cancelled() {
            return Err(ActionFailure::stopped());
        }
        let line = format!(
            "{} objects were removed from {}, {} could not be.",
            swept.removed_count,
            store.place(),
            swept.failed_count
        );
        call.voice.log(&line).await;
        Ok(json!({"removed_count": swept.removed_count, "failed_count": swept.failed_count}))
    }
}

impl ActionHandler for ArtifactsSweep {
    fn run<'a>(&'a self, call: ActionCall<'a>) -> BoxFuture<'a, Result<Value, ActionFailure>> {
        Box::pin(self.sweep(call))
    }
}
