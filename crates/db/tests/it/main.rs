//! What the SQL functions promise: one file per function, one test per promise.

#![expect(clippy::unwrap_used, reason = "what tests arrange must not fail")]

mod answer_callback;
mod append_events;
mod append_log;
mod approve_step;
mod assert_lease;
mod cancel_run;
mod claim_limits;
mod claim_plan;
mod claim_rates;
mod claim_runs;
mod complete_run;
mod definitions;
mod deregister_worker;
mod drain_worker;
mod end_due_waits;
mod enqueue_run;
mod enqueue_runs;
mod explain_wait;
mod finish_runs;
mod fire_schedule;
mod heartbeat_runs;
mod heartbeat_worker;
mod interleaving;
mod objects;
mod parking;
mod partitions;
mod pause_lane;
mod policies;
mod put_artifact;
mod record_step;
mod register_worker;
mod release_run;
mod rerun_run;
mod resume_run;
mod retry_run;
mod save_schedule;
mod save_template;
mod settled_steps;
mod stale_lease;
mod start_child_run;
mod suspend_run;
mod sweep_stuck_runs;
mod world;
mod write_runs;
