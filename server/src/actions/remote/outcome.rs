//! What became of each item of a worker's call.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult},
};
use ::runs::{Services, remote};
use db::queue::{BeatOutcome, Write, WriteOutcome};
use serde::Serialize;
use utoipa::ToSchema;

/// Items of one call at most.
pub const MOST_ITEMS: usize = 500;

/// One word per item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done, now or by an earlier copy of the call.
    Ok,
    /// Done; a person wants the run to end.
    CancelRequested,
    /// The run belongs to somebody else now: stop and discard.
    Lost,
    /// The attempt failed and the run waits for its next one.
    Requeued,
    /// This item does not fit; the others are written.
    Refused,
}

/// What became of one item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutcomeView {
    /// The run.
    pub run_id: String,
    /// One word.
    pub outcome: Outcome,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What became of each item, in the order of the call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Outcomes {
    /// One per item.
    pub items: Vec<OutcomeView>,
}

/// Refuses a call without items or with too many.
pub fn counted<T>(items: Vec<T>) -> ApiResult<Vec<T>> {
    if items.is_empty() || items.len() > MOST_ITEMS {
        let detail = format!("A call has 1 to {MOST_ITEMS} items, this one has {}.", items.len());
        return Err(ApiError::invalid("items", detail));
    }
    Ok(items)
}

/// Writes and answers for each.
pub async fn write(services: &Services, caller: &Caller, writes: Vec<Write>) -> ApiResult<Outcomes> {
    let writes = counted(writes)?;
    let runs: Vec<String> = writes.iter().map(run_of).collect();
    let mut tx = services.begin_for_worker(&caller.0).await?;
    let outcomes = remote::write(&mut tx, services.key(), writes).await?;
    super::super::commit(tx).await?;
    let items = runs
        .into_iter()
        .zip(outcomes)
        .map(|(run_id, outcome)| OutcomeView::new(run_id, outcome));
    Ok(Outcomes { items: items.collect() })
}

fn run_of(write: &Write) -> String {
    match write {
        Write::Events { run_id, .. }
        | Write::Log { run_id, .. }
        | Write::Step { run_id, .. }
        | Write::Artifact { run_id, .. }
        | Write::Beat { run_id, .. } => run_id.clone(),
        Write::Complete(completion) => completion.run_id.clone(),
        Write::Hint { .. } => String::new(),
    }
}

impl OutcomeView {
    fn new(run_id: String, outcome: WriteOutcome) -> Self {
        let (outcome, message) = match outcome {
            WriteOutcome::Ok => (Outcome::Ok, None),
            WriteOutcome::CancelRequested => (Outcome::CancelRequested, None),
            WriteOutcome::Lost => (Outcome::Lost, None),
            WriteOutcome::Requeued => (Outcome::Requeued, None),
            WriteOutcome::Error(message) => (Outcome::Refused, Some(message)),
        };
        Self {
            run_id,
            outcome,
            message,
        }
    }
}

impl From<BeatOutcome> for Outcome {
    fn from(outcome: BeatOutcome) -> Self {
        match outcome {
            BeatOutcome::Ok => Self::Ok,
            BeatOutcome::CancelRequested => Self::CancelRequested,
            BeatOutcome::Lost => Self::Lost,
        }
    }
}
