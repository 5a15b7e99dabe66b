//! Directories of steps, and what a worker that died left behind in them.
//!
//! Each worker has a directory with a locked file; the lock goes with its process, however it ends.
//! A directory whose lock can be had belongs to nobody: its processes are killed and it is removed.

use crate::process;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

const LOCK_FILE: &str = "lock";

/// The directory of this worker; removed when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    directory: tempfile::TempDir,
    _lock: File,
}

/// The directory of one try of one step; removed when it is dropped.
#[derive(Debug)]
pub(crate) struct StepDirectory {
    directory: tempfile::TempDir,
}

impl Scratch {
    /// Makes the directory of this worker under `root`, after clearing what dead workers left there.
    pub fn new(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        clear(root);
        let directory = tempfile::Builder::new().prefix("worker-").tempdir_in(root)?;
        // Locked before it has its name: nobody can find it free.
        let draft = directory.path().join("lock.draft");
        let lock = File::create(&draft)?;
        lock.lock()?;
        fs::rename(draft, directory.path().join(LOCK_FILE))?;
        Ok(Self { directory, _lock: lock })
    }

    /// Makes the directory of one step.
    pub(crate) fn step(&self, run_id: &str, step: &str) -> io::Result<StepDirectory> {
        let prefix = format!("{run_id}.{step}.");
        let directory = tempfile::Builder::new()
            .prefix(&prefix)
            .tempdir_in(self.directory.path())?;
        for name in ["work", "artifacts"] {
            fs::create_dir(directory.path().join(name))?;
        }
        Ok(StepDirectory { directory })
    }
}

impl StepDirectory {
    /// Where the step works.
    pub(crate) fn work(&self) -> PathBuf {
        self.directory.path().join("work")
    }

    /// Where it leaves files for people.
    pub(crate) fn artifacts(&self) -> PathBuf {
        self.directory.path().join("artifacts")
    }

    /// Where it writes what later steps may read.
    pub(crate) fn output(&self) -> PathBuf {
        self.directory.path().join("output")
    }

    /// Where its script lies.
    pub(crate) fn script(&self) -> PathBuf {
        self.directory.path().join("script")
    }
}

/// Kills and removes what workers that no longer live left under `root`.
fn clear(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let directory = entry.path();
        let is_free = File::open(directory.join(LOCK_FILE)).is_ok_and(|lock| lock.try_lock().is_ok());
        if !is_free {
            continue;
        }
        let killed = process::kill_strays(|environment| {
            environment
                .get("HOME")
                .is_some_and(|home| Path::new(home).starts_with(&directory))
        });
        if let Err(error) = fs::remove_dir_all(&directory) {
            tracing::warn!(%error, path = %directory.display(), "The directory of a dead worker cannot be removed.");
        } else {
            tracing::info!(processes.count = killed, "Cleared what a dead worker left behind.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{os::unix::process::CommandExt, process::Command};

    #[test]
    fn a_living_worker_keeps_its_directory() {
        let root = tempfile::tempdir().unwrap();
        let first = Scratch::new(root.path()).unwrap();
        let _second = Scratch::new(root.path()).unwrap();
        assert!(first.step("run_1", "a").unwrap().work().is_dir());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_a_dead_worker_left_is_killed_and_removed() {
        let root = tempfile::tempdir().unwrap();
        let dead = root.path().join("worker-dead");
        fs::create_dir_all(dead.join("run_1.a.x/work")).unwrap();
        File::create(dead.join(LOCK_FILE)).unwrap();
        let mut orphan = Command::new("sleep")
            .arg("600")
            .env("HOME", dead.join("run_1.a.x/work"))
            .process_group(0)
            .spawn()
            .unwrap();
        let _worker = Scratch::new(root.path()).unwrap();
        assert!(!orphan.wait().unwrap().success());
        assert!(!dead.exists());
    }
}
