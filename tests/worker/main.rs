//! Worker processes against faults: killed, frozen, stopped, canceled.

mod artifacts;
mod recovery;
mod scene;
