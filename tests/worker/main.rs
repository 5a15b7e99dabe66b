//! Worker processes against faults: killed, frozen, stopped, canceled.

mod recovery;
mod scene;
