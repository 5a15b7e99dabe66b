//! The calls of workers in other languages: claim, keep, write, end.
//!
//! Every call carries one or many items and answers for each in the same order: `ok`, `lost` (stop and
//! discard), `cancel_requested`, `requeued`, `refused`. A lost lease is an answer, not an error, because
//! the other items of the call are written.

pub mod append_events;
pub mod append_logs;
pub mod claim;
pub mod complete;
pub mod deregister;
pub mod drain;
pub mod get_secrets;
pub mod heartbeat;
pub mod outcome;
pub mod put_artifacts;
pub mod record_steps;
pub mod register;
pub mod release;
pub mod renew;
pub mod suspend;
