//! One run with everything around it.

use super::json::from_json;
use super::{ChunkView, ErrorView, RunView};
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
    /// Its story, oldest first.
    pub events: Vec<EventView>,
    /// What it left behind.
    pub artifacts: Vec<ArtifactView>,
    /// Outcome, as pretty JSON; `None` until it is final.
    pub result: Option<String>,
    /// Lines logged so far.
    pub log_line_count: i64,
    /// What it waits for, while it waits.
    pub wait: Option<WaitView>,
}

from_json!(DetailView {
    run,
    attempts,
    steps,
    events,
    artifacts,
    result,
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
    /// Why it is not running.
    pub waiting: Vec<WaitReason>,
    /// Parameters, as pretty JSON.
    pub params: String,
    /// Options of the action, as pretty JSON; empty when there are none.
    pub options: String,
    /// The run it repeats.
    pub parent: Option<String>,
    /// Longest time one attempt may take.
    pub timeout_seconds: Option<i32>,
    /// Runs with one key run one after the other.
    pub concurrency_key: Option<String>,
    /// The line the address names.
    pub line: Option<i64>,
    /// The last lines, or the lines around that one.
    pub log: Vec<ChunkView>,
}

from_json!(RunPageView {
    detail,
    plan,
    waiting,
    params,
    options,
    parent,
    timeout_seconds,
    concurrency_key,
    line,
    log
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

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Lease it was written under; 0 for the control plane and people.
    pub lease_seq: i64,
    /// Number inside the lease.
    pub seq: i64,
    /// When.
    pub at: i64,
    /// Stable word.
    pub kind: String,
    /// Sentence for people.
    pub message: String,
}

from_json!(EventView {
    lease_seq,
    seq,
    at,
    kind,
    message
});

/// Something a step left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactView {
    /// Id in addresses.
    pub id: String,
    /// Step that left it.
    pub step: Option<String>,
    /// File name.
    pub name: String,
    /// text, markdown, json, diff, image, file, link, zip, report.
    pub kind: String,
    /// Media type.
    pub content_type: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Made.
    pub created_at: i64,
}

from_json!(ArtifactView {
    id,
    step,
    name,
    kind,
    content_type,
    size_bytes,
    created_at
});

/// An artifact as text, to look at without downloading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactTextView {
    /// What it is.
    pub artifact: ArtifactView,
    /// Its beginning; JSON is set out in lines.
    pub text: String,
    /// Whether there is more than is shown.
    pub is_cut: bool,
}

from_json!(ArtifactTextView { artifact, text, is_cut });

/// One reason why a run is not running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitReason {
    /// Stable word.
    #[serde(default)]
    pub code: String,
    /// Sentence for people.
    #[serde(default)]
    pub message: String,
}

from_json!(WaitReason { code, message });
