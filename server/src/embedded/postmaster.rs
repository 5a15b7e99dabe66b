//! The life of the postmaster: leftover stopped, started, ready, stopped.

use super::{
    EmbeddedError, binaries::Binaries, cluster::last_lines, error::io, owner::Owner, place::Place, state::State,
};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read, Seek, SeekFrom},
    path::Path,
    process::Stdio,
    time::Duration,
};
use tokio::{
    process::Child,
    time::{Instant, interval, timeout},
};

/// Time for a fast shutdown: open transactions are rolled back and a checkpoint is written.
const FAST: Duration = Duration::from_secs(20);
/// Time for an immediate shutdown, which leaves recovery to the next start.
const IMMEDIATE: Duration = Duration::from_secs(5);
/// Recovery of a large write-ahead log takes a while.
const READY: Duration = Duration::from_mins(5);
/// How long to wait for what a killed postmaster left behind: its backends hold the shared memory until they notice.
const LEFTOVERS: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);
const LOG_LIMIT: u64 = 16 * 1024 * 1024;

/// A postmaster that this process started.
#[derive(Debug)]
pub(super) struct Postmaster {
    child: Child,
    pid: Pid,
}

impl Postmaster {
    pub(super) async fn start(
        binaries: &Binaries,
        owner: &Owner,
        place: &Place,
        state: &mut State,
    ) -> Result<Self, EmbeddedError> {
        let begun = Instant::now();
        let mut poll = interval(POLL);
        loop {
            poll.tick().await;
            let log = open_log(&place.log)?;
            let log_start = log
                .metadata()
                .map_err(io("reading the size of the Postgres log"))?
                .len();
            let mut postmaster = Self::spawn(binaries, *owner, place, state.choose_port()?, log)?;
            if timeout(READY, postmaster.until_ready(&place.cluster))
                .await
                .unwrap_or(false)
            {
                return Ok(postmaster);
            }
            let _ = postmaster.child.kill().await;
            let printed = read_from(&place.log, log_start);
            let passes = printed.contains("shared memory block") || printed.contains("could not bind");
            if !passes || begun.elapsed() > LEFTOVERS {
                return Err(EmbeddedError::NotReady {
                    log: place.log.clone(),
                    tail: last_lines(&printed, 5),
                });
            }
        }
    }

    fn spawn(binaries: &Binaries, owner: Owner, place: &Place, port: u16, log: File) -> Result<Self, EmbeddedError> {
        let mut command = owner.command(&binaries.program("postgres"));
        command.arg("-D").arg(&place.cluster);
        let mut socket_dir = std::ffi::OsString::from("unix_socket_directories=");
        socket_dir.push(&place.socket_dir);
        command.arg("-c").arg(socket_dir);
        let settings = [
            "listen_addresses=127.0.0.1",
            "max_connections=200",
            "log_line_prefix=%m [%p] ",
            "timezone=UTC",
        ];
        for setting in settings.map(str::to_owned).into_iter().chain([format!("port={port}")]) {
            command.arg("-c").arg(setting);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            // Only when nobody stopped it in order; the next start recovers.
            .kill_on_drop(true)
            .spawn()
            .map_err(io("starting postgres"))?;
        let pid = child
            .id()
            .and_then(|pid| Pid::from_raw(pid as i32))
            .expect("a child that was not awaited has an id");
        Ok(Self { child, pid })
    }

    /// Waits until it takes connections; `false` when it ended instead.
    async fn until_ready(&mut self, cluster: &Path) -> bool {
        let mut poll = interval(POLL);
        loop {
            poll.tick().await;
            if !matches!(self.child.try_wait(), Ok(None)) {
                return false;
            }
            if PidFile::read(cluster).is_some_and(|file| file.pid == self.pid && file.is_ready) {
                return true;
            }
        }
    }

    /// Waits until it ends by itself.
    pub(super) async fn ended(&mut self) {
        let _ = self.child.wait().await;
    }

    pub(super) fn pid(&self) -> Pid {
        self.pid
    }

    pub(super) async fn stop(mut self) -> Result<(), EmbeddedError> {
        for (signal, patience) in [(Signal::INT, FAST), (Signal::QUIT, IMMEDIATE)] {
            // It may have ended by itself; then there is nothing to signal and wait returns at once.
            let _ = kill_process(self.pid, signal);
            if let Ok(ended) = timeout(patience, self.child.wait()).await {
                return ended.map(drop).map_err(io("waiting for Postgres to end"));
            }
        }
        self.child.kill().await.map_err(io("killing Postgres"))
    }
}

/// Stops the postmaster of a server that was killed, and removes a lock file that names somebody else.
pub(super) async fn stop_leftover(place: &Place) -> Result<(), EmbeddedError> {
    let cluster = &place.cluster;
    let Some(PidFile { pid, .. }) = PidFile::read(cluster) else {
        return Ok(());
    };
    for (signal, patience) in [
        (Signal::INT, FAST),
        (Signal::QUIT, IMMEDIATE),
        (Signal::KILL, IMMEDIATE),
    ] {
        if !is_postmaster_of(pid, cluster).await {
            break;
        }
        let _ = kill_process(pid, signal);
        let _ = timeout(patience, until_gone(pid, cluster)).await;
    }
    // Postgres itself sees that a dead process holds nothing, but not that its number now belongs to another.
    if test_kill_process(pid).is_ok() && PidFile::read(cluster).is_some_and(|file| file.pid == pid) {
        remove(&cluster.join("postmaster.pid"))?;
    }
    // The socket has a lock file of its own, with the same blind spot.
    for entry in fs::read_dir(&place.socket_dir).map_err(io("reading the socket directory"))? {
        remove(&entry.map_err(io("reading the socket directory"))?.path())?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), EmbeddedError> {
    fs::remove_file(path).map_err(io(format!("removing {}", path.display())))
}

async fn until_gone(pid: Pid, cluster: &Path) {
    let mut poll = interval(POLL);
    while is_postmaster_of(pid, cluster).await {
        poll.tick().await;
    }
}

/// Whether the process is a living postmaster of this cluster: it was started with `-D cluster`. A
/// dead one that nobody collected has no command line.
async fn is_postmaster_of(pid: Pid, cluster: &Path) -> bool {
    let number = pid.as_raw_nonzero().to_string();
    let command_line = match fs::read(format!("/proc/{number}/cmdline")) {
        Ok(arguments) => arguments,
        Err(_) if Path::new("/proc/self/cmdline").exists() => return false,
        // No /proc here: macOS.
        Err(_) => match tokio::process::Command::new("ps")
            .args(["-o", "command=", "-p", &number])
            .output()
            .await
        {
            Ok(output) => output.stdout,
            Err(_) => return false,
        },
    };
    let text = String::from_utf8_lossy(&command_line).replace('\0', " ");
    text.contains("postgres") && text.contains(&format!("-D {}", cluster.display()))
}

/// What the postmaster says about itself in `postmaster.pid`: line 1 its number, line 8 its state.
struct PidFile {
    pid: Pid,
    is_ready: bool,
}

impl PidFile {
    fn read(cluster: &Path) -> Option<Self> {
        let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let mut lines = text.lines();
        let pid = Pid::from_raw(lines.next()?.trim().parse().ok()?)?;
        Some(Self {
            pid,
            is_ready: lines.nth(6).is_some_and(|state| state.trim() == "ready"),
        })
    }
}

fn open_log(path: &Path) -> Result<File, EmbeddedError> {
    if fs::metadata(path).is_ok_and(|file| file.len() > LOG_LIMIT) {
        match fs::rename(path, path.with_extension("log.1")) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(io("putting the old Postgres log aside")(error));
            }
            _ => {}
        }
    }
    let doing = || format!("opening {}", path.display());
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(|error| io(doing())(error))
}

fn read_from(path: &Path, start: u64) -> String {
    let mut text = Vec::new();
    if let Ok(mut file) = File::open(path) {
        let _ = file.seek(SeekFrom::Start(start));
        let _ = file.read_to_end(&mut text);
    }
    String::from_utf8_lossy(&text).into_owned()
}
