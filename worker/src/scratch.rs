//! Directories of steps, and what a worker that died left behind in them.
//!
//! Each worker has a directory with a locked file; the lock goes with its process, however it ends.
//! A directory whose lock can be had belongs to nobody: its processes are killed and it is removed.

use crate::process;
use std::{
    fs::{self, DirBuilder, File, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

const LOCK_FILE: &str = "lock";
/// The variable that tells whose a process is: it names a file in the directory of its step.
pub(crate) const MARK: &str = "RUNBOARD_OUTPUT";

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
    ///
    /// Whoever could write there could have this worker kill and remove what is not its own, and whoever could
    /// read there could see what steps are given: a root of another user is refused.
    pub fn new(root: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(root)?;
        keep_others_out(root)?;
        clear(root);
        let directory = tempfile::Builder::new()
            .prefix("worker-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(root)?;
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

/// Refuses a root of somebody else, also one that somebody else's link leads to.
fn keep_others_out(root: &Path) -> io::Result<()> {
    let own = rustix::process::geteuid().as_raw();
    let (named, meant) = (fs::symlink_metadata(root)?, fs::metadata(root)?);
    if named.uid() != own || meant.uid() != own {
        let message = "it belongs to another user: name a directory of this one in RUNBOARD_SCRATCH";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    // In a directory such as /tmp the system sees to it that nobody touches what is another's.
    let is_sticky = meant.mode() & 0o1000 != 0;
    if !is_sticky && meant.mode() & 0o022 != 0 {
        fs::set_permissions(root, Permissions::from_mode(meant.mode() & 0o7755))?;
    }
    Ok(())
}

/// Kills and removes what workers that no longer live left under `root`.
fn clear(root: &Path) {
    let own = rustix::process::geteuid().as_raw();
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        // Of the entry itself, not of what a link leads to.
        if !entry.metadata().is_ok_and(|about| about.is_dir() && about.uid() == own) {
            continue;
        }
        let directory = entry.path();
        let is_free = File::open(directory.join(LOCK_FILE)).is_ok_and(|lock| lock.try_lock().is_ok());
        if !is_free {
            continue;
        }
        // Templates may replace HOME, and no others of the names that a step is given.
        let killed = process::kill_strays(|environment| {
            environment
                .get(MARK)
                .is_some_and(|path| Path::new(path).starts_with(&directory))
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
            .env("HOME", "/elsewhere")
            .env(MARK, dead.join("run_1.a.x/output"))
            .process_group(0)
            .spawn()
            .unwrap();
        // A new program begins a moment before the system shows what it was started with.
        while fs::read(format!("/proc/{}/environ", orphan.id())).unwrap().is_empty() {
            std::thread::yield_now();
        }
        let _worker = Scratch::new(root.path()).unwrap();
        assert!(!orphan.wait().unwrap().success());
        assert!(!dead.exists());
    }

    #[test]
    fn nobody_else_can_look_into_the_directory_of_a_worker() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("a/scratch");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let worker = Scratch::new(&root).unwrap();
        assert_eq!((mode(&root), mode(worker.directory.path())), (0o700, 0o700));
        fs::set_permissions(&root, Permissions::from_mode(0o777)).unwrap();
        Scratch::new(&root).unwrap();
        assert_eq!(mode(&root), 0o755);
    }

    #[test]
    fn the_directory_of_another_user_is_refused() {
        // To the system administrator nothing else is another's; to others everything of hers is.
        let place = tempfile::tempdir().unwrap();
        let root = if rustix::process::geteuid().is_root() {
            let root = place.path().join("theirs");
            fs::create_dir(&root).unwrap();
            std::os::unix::fs::chown(&root, Some(65534), None).unwrap();
            root
        } else {
            PathBuf::from("/tmp")
        };
        let error = Scratch::new(&root).unwrap_err();
        assert!(error.to_string().contains("belongs to another user"), "{error}");
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&root, &link).unwrap();
        assert!(Scratch::new(&link).is_err());
    }

    #[test]
    fn what_a_link_leads_to_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let (root, project) = (place.path().join("root"), place.path().join("project"));
        fs::create_dir_all(&project).unwrap();
        fs::create_dir_all(&root).unwrap();
        File::create(project.join(LOCK_FILE)).unwrap();
        std::os::unix::fs::symlink(&project, root.join("worker-x")).unwrap();
        Scratch::new(&root).unwrap();
        assert!(project.join(LOCK_FILE).exists());
    }
}
