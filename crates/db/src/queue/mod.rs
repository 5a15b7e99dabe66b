//! The life of a run: thin calls to the SQL functions, which hold every rule of the queue.
//!
//! Workers, the server, psql and PostgREST call the same functions and obey the same rules.

pub(crate) mod announce;
pub(crate) mod claim;
pub(crate) mod control;
pub(crate) mod enqueue;
pub(crate) mod finish;
pub(crate) mod waits;
pub(crate) mod workers;
pub(crate) mod writes;

pub use announce::Announcer;
pub use claim::{
    Beat, BeatOutcome, ClaimedRun, TemplateSnapshot, claim_runs, claim_runs_briefly, definition, heartbeat_runs,
    release_run,
};
pub use control::{
    CancelOutcome, Canceled, LaneSpec, SavedLane, Swept, cancel_run, delete_lane, explain_wait, pause_lane, rerun_run,
    resume_lane, retry_run, save_lane, sweep_stuck_runs,
};
pub use enqueue::{Enqueued, enqueue_run, enqueue_run_unannounced, enqueue_runs};
pub use finish::{FinishedRun, attempt_outcomes, finish_runs};
pub use waits::{
    Answered, Decided, Resumed, SettledStep, Wait, answer_callback, approve_step, assert_lease, open_callback,
    resume_run, settled_steps, start_child_run, suspend_run,
};
pub use workers::{
    HeldLease, WorkerSpec, WorkerState, deregister_worker, drain_worker, heartbeat_worker, held_leases,
    register_worker, worker_lanes,
};
pub use writes::{
    ArtifactBody, CompleteOutcome, Completion, NewArtifact, NewEvent, NewStep, Write, WriteOutcome, complete_run,
    write_runs,
};
