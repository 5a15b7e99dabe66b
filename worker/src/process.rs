//! Ending the processes of a step, all of them: the group it was started in, and whoever left the
//! group but still carries the step's environment.

use crate::pace;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::{fs, path::Path, time::Duration};

/// First and longest wait before a group that was asked to end is looked at again.
const FIRST_LOOK: Duration = Duration::from_millis(10);
const LONGEST_LOOK: Duration = Duration::from_millis(200);

/// The processes of one step. When this is dropped before it was told that they ended, they are killed.
#[derive(Debug)]
pub(crate) struct ProcessGroup {
    leader: Pid,
    /// What only processes of this step carry in their environment, such as `HOME=…`.
    mark: String,
    over: bool,
}

impl ProcessGroup {
    /// The group that process `leader` was started to lead.
    pub(crate) fn new(leader: Pid, mark: String) -> Self {
        Self {
            leader,
            mark,
            over: false,
        }
    }

    /// Asks all of them to end and kills who has not after `grace`.
    pub(crate) async fn end(&mut self, grace: Duration) {
        self.signal(Signal::TERM);
        let (mut waited, mut wait) = (Duration::ZERO, FIRST_LOOK);
        while waited < grace && self.is_alive() {
            pace::pause(wait).await;
            waited += wait;
            wait = (wait * 2).min(LONGEST_LOOK);
        }
        self.kill();
    }

    /// Kills whoever is left.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.over = true;
    }

    /// Whether any of them still works.
    pub(crate) fn is_alive(&self) -> bool {
        match processes() {
            Some(found) => found
                .iter()
                .any(|process| process.group == self.leader || process.carries(&self.mark)),
            None => rustix::process::test_kill_process_group(self.leader).is_ok(),
        }
    }

    fn signal(&self, signal: Signal) {
        // It fails when the group has ended already, which is what is wanted.
        let _ = kill_process_group(self.leader, signal);
        for process in processes().into_iter().flatten() {
            if process.group != self.leader && process.carries(&self.mark) {
                let _ = kill_process(process.pid, signal);
            }
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if !self.over {
            self.kill();
        }
    }
}

/// Kills every process whose environment `is_stale`, with its group; answers how many there were.
pub(crate) fn kill_strays(is_stale: impl Fn(&Environment) -> bool) -> usize {
    let own_group = rustix::process::getpgrp();
    let mut count = 0;
    for process in processes().into_iter().flatten() {
        if process.environment().is_some_and(|environment| is_stale(&environment)) {
            if process.group != own_group {
                let _ = kill_process_group(process.group, Signal::KILL);
            }
            let _ = kill_process(process.pid, Signal::KILL);
            count += 1;
        }
    }
    count
}

/// The environment a process was started with.
pub(crate) struct Environment(Vec<u8>);

impl Environment {
    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .split(|byte| *byte == 0)
            .filter_map(|entry| std::str::from_utf8(entry).ok())
            .find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='))
    }
}

struct Process {
    pid: Pid,
    group: Pid,
}

impl Process {
    fn environment(&self) -> Option<Environment> {
        let path = format!("/proc/{}/environ", self.pid.as_raw_nonzero());
        fs::read(path).ok().map(Environment)
    }

    fn carries(&self, mark: &str) -> bool {
        let Some(Environment(bytes)) = self.environment() else {
            return false;
        };
        bytes.split(|byte| *byte == 0).any(|entry| entry == mark.as_bytes())
    }
}

/// Every process that lives; `None` where there is no /proc to ask.
fn processes() -> Option<Vec<Process>> {
    let entries = fs::read_dir("/proc").ok()?;
    let found: Vec<Process> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(Pid::from_raw)
        .filter_map(|pid| group_of(pid).map(|group| Process { pid, group }))
        .collect();
    if found.is_empty() && !Path::new("/proc/self/stat").exists() {
        None
    } else {
        Some(found)
    }
}

/// The group of a process that is not a corpse: `pid (name) state parent group …`, where the name
/// may hold anything.
fn group_of(pid: Pid) -> Option<Pid> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(1)?.parse().ok().and_then(Pid::from_raw)
}
