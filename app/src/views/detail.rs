//! One run with everything around it.

use super::json::from_json;
use super::{ErrorView, LogAsk, LogHits, LogPartView, RunView};
use domain::StepStatus;
use serde::{Deserialize, Serialize};

/// What changes while a run is open on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailView {
    /// The run.
    pub run: RunView,
    /// Its tries, oldest first.
    pub attempts: Vec<AttemptView>,
    /// Its steps, over all tries.
    pub steps: Vec<StepView>,
    /// How many events it has, up to a thousand.
    pub event_count: i64,
    /// How many artifacts it has.
    pub artifact_count: i64,
    /// When its newest event happened.
    pub told_at: i64,
    /// Lines logged so far.
    pub log_line_count: i64,
    /// What it waits for, while it waits.
    pub wait: Option<WaitView>,
}

from_json!(DetailView {
    run,
    attempts,
    steps,
    event_count,
    artifact_count,
    told_at,
    log_line_count,
    wait
});

/// What a waiting run waits for, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitView {
    /// Step that waits.
    pub step: String,
    /// Lowest role that may decide; `None` when nobody decides.
    pub role: Option<String>,
    /// What kind of wait it is.
    pub title: String,
    /// What is asked.
    pub message: String,
    /// Who may decide, and what the end of the time means.
    pub rule: String,
    /// Began.
    pub opened_at: i64,
    /// The run it waits for.
    pub run: Option<String>,
}

from_json!(WaitView {
    step,
    role,
    title,
    message,
    rule,
    opened_at,
    run
});

/// What the page of a run reads once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPageView {
    /// What changes.
    pub detail: DetailView,
    /// Steps of its template, in order.
    pub plan: Vec<PlanStepView>,
    /// After so many milliseconds a cancel that was not obeyed may be forced.
    pub grace_ms: i64,
    /// First and last line the address names; zeros when it names none.
    pub marked: (i64, i64),
    /// Which lines the address asks for.
    pub ask: LogAsk,
    /// The last of them, or those around the named ones.
    pub log: LogPartView,
    /// Where the searched text is.
    pub hits: LogHits,
}

from_json!(RunPageView {
    detail,
    plan,
    grace_ms,
    marked,
    ask,
    log,
    hits
});

/// A step as its template plans it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStepView {
    /// Id in the template.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Step kind.
    pub kind: String,
}

from_json!(PlanStepView { id, title, kind });

/// One try of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    /// Number, from 1.
    pub attempt: i32,
    /// Lease it held.
    pub lease_seq: i64,
    /// Worker that held it.
    pub worker: String,
    /// Claimed.
    pub claimed_at: i64,
    /// Ended.
    pub ended_at: Option<i64>,
    /// How it ended, or `running`.
    pub outcome: String,
    /// Why it ended badly.
    pub error: Option<ErrorView>,
}

from_json!(AttemptView {
    attempt,
    lease_seq,
    worker,
    claimed_at,
    ended_at,
    outcome,
    error
});

/// One step in one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// Id in the template.
    pub step: String,
    /// Lease it ran under.
    pub lease_seq: i64,
    /// Attempt it belongs to.
    pub attempt: i32,
    /// Place in the template, from 0.
    pub position: i32,
    /// What people call it.
    pub title: String,
    /// Step kind.
    pub kind: String,
    /// State.
    pub status: StepStatus,
    /// Try inside the attempt, from 1.
    pub try_number: i32,
    /// Began.
    pub started_at: Option<i64>,
    /// Ended.
    pub finished_at: Option<i64>,
    /// Why it failed.
    pub error: Option<ErrorView>,
}

from_json!(StepView {
    step,
    lease_seq,
    attempt,
    position,
    title,
    kind,
    status,
    try_number,
    started_at,
    finished_at,
    error
});
