//! Worker processes under test: started, frozen, killed with real signals.

use rustix::process::{Pid, Signal, kill_process};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A `runboard-worker` process; killed when dropped.
#[derive(Debug)]
pub struct WorkerProcess {
    child: Child,
}

impl WorkerProcess {
    /// Starts a worker named `name` on the database at `url`.
    ///
    /// # Panics
    /// When the binary was not built (`script/build`) or cannot be started.
    pub fn start(name: &str, url: &str, key_file: &std::path::Path) -> Self {
        let binary = binary("runboard-worker");
        assert!(binary.exists(), "{} is missing: run script/build", binary.display());
        let child = Command::new(binary)
            .args([
                "--name",
                name,
                "--lanes",
                "A,B,C,D",
                "--slots",
                "4",
                "--grace-seconds",
                "1",
            ])
            .arg("--secret-key-file")
            .arg(key_file)
            .env("DATABASE_URL", url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(if std::env::var_os("RUNBOARD_TEST_LOG").is_some() {
                Stdio::inherit()
            } else {
                Stdio::null()
            })
            .spawn()
            .expect("the worker starts");
        Self { child }
    }

    /// Sends a signal to the worker itself, not to what it started.
    ///
    /// # Panics
    /// When the process is gone already.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the worker is alive");
    }

    /// Waits until the process has ended and tells whether it ended in order.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn wait(&mut self) -> bool {
        self.child.wait().expect("the worker can be waited for").success()
    }

    /// Whether the process has ended.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the worker can be asked").is_some()
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A binary of this workspace, beside the test that runs.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let mut directory = test.parent().expect("a file has a folder");
    if directory.ends_with("deps") {
        directory = directory.parent().expect("deps is inside the build folder");
    }
    directory.join(name)
}
