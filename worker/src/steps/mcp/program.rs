//! A server that is started for one call: a process group of its own, with an environment of a few names.

use crate::{
    log,
    process::ProcessGroup,
    scratch::StepDirectory,
    steps::{StepContext, StepError, environment},
};
use std::{process::Stdio, time::Duration};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

/// A server process. Dropping it kills its whole group.
#[derive(Debug)]
pub(super) struct Program {
    child: Child,
    group: ProcessGroup,
}

/// What it is talked to through.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) stdin: ChildStdin,
    pub(super) stdout: ChildStdout,
    pub(super) stderr: ChildStderr,
}

impl Program {
    pub(super) fn start(
        command: &str,
        args: &[String],
        env: &[(String, String)],
        step: &StepContext<'_>,
        directory: &StepDirectory,
    ) -> Result<(Self, Streams), StepError> {
        let mut child = Command::new(command)
            .args(args)
            .current_dir(directory.work())
            .env_clear()
            .envs(environment::base(step, directory))
            .envs(
                env.iter()
                    .filter(|(name, _)| environment::is_free(name))
                    .map(|(name, value)| (name, value)),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                StepError::words(
                    "mcp_unavailable",
                    format!("the server {command} cannot be started: {error}"),
                )
                .hint("Is the program installed where the worker runs, and in its PATH?")
                .caused_by(error)
            })?;
        let leader = child
            .id()
            .and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed()))
            .expect("a child that was not waited for has an id");
        let streams = Streams {
            stdin: child.stdin.take().expect("it was asked for above"),
            stdout: child.stdout.take().expect("it was asked for above"),
            stderr: child.stderr.take().expect("it was asked for above"),
        };
        let group = ProcessGroup::new(leader, environment::mark(directory));
        Ok((Self { child, group }, streams))
    }

    /// Gives it `grace` to end by itself, now that its standard input is closed, and then ends it.
    pub(super) async fn end(mut self, grace: Duration) {
        if tokio::time::timeout(grace, self.child.wait()).await.is_err() {
            self.group.end(grace).await;
        }
        self.group.kill();
        let _ = self.child.wait().await;
    }
}

/// Writes what it prints on standard error into the log.
pub(super) async fn print(stderr: ChildStderr, step: &StepContext<'_>) {
    if let Err(error) = log::pump(stderr, 'e', step.log).await {
        tracing::debug!(%error, "The standard error of a server broke off.");
    }
}
