//! Stops the postmaster when the server is killed without a chance to do it.

use super::{EmbeddedError, error::io};
use rustix::process::Pid;
use std::process::Stdio;
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
};

/// Reads one line from the server. End of input instead of a line means that the server is dead.
const SCRIPT: &str = r#"read -r line && exit 0; kill -INT "$1""#;

/// A small process that waits for the server to end.
#[derive(Debug)]
pub(super) struct Watchdog(Child);

impl Watchdog {
    pub(super) fn start(postmaster: Pid) -> Result<Self, EmbeddedError> {
        Command::new("/bin/sh")
            .args([
                "-c",
                SCRIPT,
                "runboard-watchdog",
                &postmaster.as_raw_nonzero().to_string(),
            ])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .map_err(io("starting the watchdog of Postgres"))
    }

    /// Ends the watch: Postgres was stopped in order.
    pub(super) async fn dismiss(mut self) {
        if let Some(mut stdin) = self.0.stdin.take() {
            let _ = stdin.write_all(b"done\n").await;
        }
        let _ = self.0.wait().await;
    }
}
