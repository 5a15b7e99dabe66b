//! Worker processes under test: started, frozen, killed with real signals.

use rustix::process::{Pid, Signal, kill_process};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A `runboard-worker` process; killed when dropped.
#[derive(Debug)]
pub struct WorkerProcess {
    child: Child,
}

/// How a worker process is started.
#[derive(Debug, Clone)]
pub struct Launch {
    name: String,
    slots: usize,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Launch {
    /// A worker of all lanes with four slots.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            slots: 4,
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// With so many slots.
    #[must_use]
    pub fn slots(mut self, slots: usize) -> Self {
        self.slots = slots;
        self
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With more on its command line.
    #[must_use]
    pub fn argument(mut self, word: &str) -> Self {
        self.arguments.push(word.to_owned());
        self
    }

    /// Starts it on the database at `url`.
    ///
    /// # Panics
    /// When the binary was not built (`script/build`) or cannot be started.
    pub fn start(&self, url: &str, key_file: &Path) -> WorkerProcess {
        let binary = binary("runboard-worker");
        assert!(binary.exists(), "{} is missing: run script/build", binary.display());
        let child = Command::new(binary)
            .args(["--name", &self.name, "--slots", &self.slots.to_string()])
            .args(["--lanes", "A,B,C,D", "--grace-seconds", "1"])
            .args(&self.arguments)
            .arg("--secret-key-file")
            .arg(key_file)
            .env("DATABASE_URL", url)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said_by_processes())
            .spawn()
            .expect("the worker starts");
        WorkerProcess { child }
    }
}

/// Where processes under test write their logs: nowhere, unless `RUNBOARD_TEST_LOG` is set.
pub(crate) fn said_by_processes() -> Stdio {
    if std::env::var_os("RUNBOARD_TEST_LOG").is_some() {
        Stdio::inherit()
    } else {
        Stdio::null()
    }
}

impl WorkerProcess {
    /// Starts a worker named `name` on the database at `url`.
    ///
    /// # Panics
    /// When the binary was not built (`script/build`) or cannot be started.
    pub fn start(name: &str, url: &str, key_file: &Path) -> Self {
        Launch::named(name).start(url, key_file)
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
