//! The kind `shell`: a script in a process group of its own.
//!
//! The script runs in an empty directory with an environment of a few names; values reach it only
//! through `args` and `env`. It leaves output in `$RUNBOARD_OUTPUT` and files in `$RUNBOARD_ARTIFACTS`.

use super::{StepContext, StepError, StepKindHandler, artifacts, environment};
use crate::{
    log, pace,
    process::ProcessGroup,
    scratch::{Scratch, StepDirectory},
};
use futures::future::{BoxFuture, join};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::process::{Child, Command};

/// How long processes that a script leaves behind may hold its output open before they are killed.
const LAST_OUTPUT: Duration = Duration::from_millis(500);
/// How long what is left in the pipes may take to be read when the database is slow.
const LAST_LINES: Duration = Duration::from_secs(10);

/// Runs scripts.
#[derive(Debug)]
pub struct Shell {
    scratch: Arc<Scratch>,
}

/// `with` of a shell step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    script: String,
    #[serde(default)]
    shell: Interpreter,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    env: Map<String, Value>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Interpreter {
    #[default]
    Bash,
    Sh,
}

impl Interpreter {
    fn program(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Sh => "sh",
        }
    }
}

impl Shell {
    /// Runs scripts in directories under `scratch`.
    pub fn new(scratch: Arc<Scratch>) -> Self {
        Self { scratch }
    }

    async fn run_script(&self, step: StepContext<'_>) -> Result<Value, StepError> {
        let with: With = step.with_as()?;
        let directory = self.scratch.step(step.run_id, step.step).map_err(no_directory)?;
        let mut child = start(&with, &step, &directory)?;
        let status = watch(&mut child, &step, &directory).await?;
        let output = super::output::read(&directory.output());
        artifacts::leave_directory(&step, &directory.artifacts()).await;
        if let Some(reason) = step.stop.reason() {
            tracing::debug!(
                run.id = step.run_id,
                step.id = step.step,
                ?reason,
                "A script was stopped."
            );
            return Err(StepError::stopped());
        }
        if status.success() {
            output
        } else {
            Err(failed(status, &step))
        }
    }
}

impl StepKindHandler for Shell {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(self.run_script(step))
    }
}

fn start(with: &With, step: &StepContext<'_>, directory: &StepDirectory) -> Result<Child, StepError> {
    std::fs::write(directory.script(), &with.script).map_err(no_directory)?;
    std::fs::write(directory.output(), "").map_err(no_directory)?;
    let program = with.shell.program();
    Command::new(program)
        .arg("-e")
        // Relative, so that messages of the interpreter stay short.
        .arg("../script")
        .args(with.args.iter().map(environment::text))
        .current_dir(directory.work())
        .env_clear()
        .envs(environment::base(step, directory))
        .envs(
            with.env
                .iter()
                .filter(|(name, _)| environment::is_free(name))
                .map(|(name, value)| (name, environment::text(value))),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            StepError::fail(error).code("shell_unavailable").hint(format!(
                "The worker could not start {program}; is it installed, and are the values not too long?"
            ))
        })
}

/// Streams what the script prints until it has ended, or ends it when it has to stop.
async fn watch(child: &mut Child, step: &StepContext<'_>, directory: &StepDirectory) -> Result<ExitStatus, StepError> {
    let leader = child
        .id()
        .and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed()))
        .expect("a child that was not waited for has an id");
    let mut group = ProcessGroup::new(leader, environment::mark(directory));
    let stdout = child.stdout.take().expect("it was asked for above");
    let stderr = child.stderr.take().expect("it was asked for above");
    let printing = join(log::pump(stdout, 'o', step.log), log::pump(stderr, 'e', step.log));
    tokio::pin!(printing);
    let mut printed = false;

    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            _ = &mut printing, if !printed => printed = true,
            reason = step.stop.requested() => {
                // What it still prints on its way out belongs into the log.
                let end = async {
                    group.end(step.grace(reason)).await;
                    child.wait().await
                };
                tokio::pin!(end);
                break loop {
                    tokio::select! {
                        status = &mut end => break status,
                        _ = &mut printing, if !printed => printed = true,
                    }
                };
            }
        }
    };
    if !printed {
        tokio::select! {
            _ = &mut printing => printed = true,
            () = pace::pause(LAST_OUTPUT) => {}
        }
    }
    // Nothing that a script started outlives it.
    group.kill();
    if !printed {
        tokio::select! {
            _ = &mut printing => {}
            () = pace::pause(LAST_LINES) => {}
        }
    }
    status.map_err(StepError::retry)
}

fn failed(status: ExitStatus, step: &StepContext<'_>) -> StepError {
    use std::os::unix::process::ExitStatusExt;
    let message = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => "ended without an exit code".to_owned(),
    };
    let error = StepError::words("step_failed", message).retryable();
    match step.log.last_error_line() {
        Some(line) => error.hint(line),
        None => error.hint("It printed nothing on standard error; its log says how far it came."),
    }
}

fn no_directory(error: std::io::Error) -> StepError {
    StepError::retry(error)
        .code("no_scratch_directory")
        .hint("The worker could not write its scratch directory; is the disk full?")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::agreement::agrees;

    #[test]
    fn with_has_the_fields_of_the_published_schema() {
        agrees::<With>("shell");
    }
}
