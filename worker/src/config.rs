//! What a worker is told when it starts.

use crate::log::LogLimits;
use domain::LaneName;
use runs::artifacts::Store;
use std::{path::PathBuf, time::Duration};

/// How a worker works.
#[derive(Debug, Clone)]
pub struct Config {
    /// Name, for people.
    pub name: String,
    /// Host it runs on.
    pub host: String,
    /// Lanes it serves.
    pub lanes: Vec<LaneName>,
    /// Runs it may hold at once.
    pub slots: usize,
    /// Runs it takes ahead of free slots: for lanes of short runs, so that the next is there when one ends.
    pub prefetch: usize,
    /// How long runs may go on after the worker was asked to stop.
    pub grace: Duration,
    /// How long processes may take to end between TERM and KILL.
    pub kill_grace: Duration,
    /// How often it looks for work without being told.
    pub poll_every: Duration,
    /// How much of each log is kept.
    pub log_limits: LogLimits,
    /// Where large artifacts go; without one only small ones are kept.
    pub store: Option<Store>,
}

impl Config {
    /// A worker of this machine for `lanes`, with the usual limits.
    pub fn new(name: &str, lanes: Vec<LaneName>, slots: usize) -> Self {
        Self {
            name: name.to_owned(),
            host: host_name(),
            lanes,
            slots: slots.max(1),
            prefetch: 0,
            grace: Duration::from_secs(30),
            kill_grace: Duration::from_secs(5),
            poll_every: Duration::from_secs(1),
            log_limits: LogLimits::default(),
            store: None,
        }
    }
}

/// Where steps find their scratch directories unless somebody names another place.
pub fn usual_scratch_root() -> PathBuf {
    std::env::temp_dir().join("runboard-worker")
}

/// The name of this machine.
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
