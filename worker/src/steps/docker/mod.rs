//! The kind `docker`: a container, through the Docker Engine API.
//!
//! Values reach it only as environment variables and words of its command. It sees nothing of this
//! machine and no network unless template and administrator say so, and it is removed when its step is
//! over, whichever way that comes.

mod container;
mod engine;
mod files;
mod image;
mod labels;
mod mounts;
mod reap;
mod request;

pub use engine::{Engine, USUAL_ADDRESS};
pub use mounts::AllowedMount;

use super::{Leases, StepContext, StepError, StepKindHandler, artifacts, output};
use crate::{scratch::Scratch, stop::StopReason};
use bollard::Docker as Client;
use container::Container;
use futures::future::BoxFuture;
use labels::Labels;
use request::With;
use serde_json::Value;
use std::sync::Arc;

/// Runs containers.
#[derive(Debug)]
pub struct Docker {
    /// Where they run.
    pub engine: Engine,
    /// Directories of this machine that they may see.
    pub allowed_mounts: Vec<AllowedMount>,
    /// Tells this Runboard from others that share the engine.
    pub installation: String,
    /// Where artifacts lie on their way out.
    pub scratch: Arc<Scratch>,
}

impl Docker {
    async fn run_container(&self, step: StepContext<'_>) -> Result<Value, StepError> {
        let with: With = step.with_as()?;
        let container = tokio::select! {
            prepared = self.prepare(&with, &step) => prepared?,
            _ = step.stop.requested() => return Err(StepError::stopped()),
        };
        let (client, container) = container;
        let ended = container.run(&step).await;
        let taken = if step.stop.reason() == Some(StopReason::Lost) {
            Err(StepError::stopped())
        } else {
            self.take_out(&client, &container, &step).await
        };
        let ran_out_of_memory = matches!(ended, Ok(137)) && container.ran_out_of_memory().await;
        container.remove().await;
        if step.stop.reason().is_some() {
            return Err(StepError::stopped());
        }
        match ended? {
            0 => taken,
            _ if ran_out_of_memory => Err(out_of_memory(&with)),
            code => Err(failed(code, &step)),
        }
    }

    /// Everything up to the moment before the start; dropping it half-way leaves nothing behind.
    async fn prepare(&self, with: &With, step: &StepContext<'_>) -> Result<(Client, Container), StepError> {
        let labels = Labels::of(step, &self.installation);
        let body = with.body(step, &labels, &self.allowed_mounts)?;
        let client = self.engine.connect().await?;
        reap::remove_earlier(&client, &labels).await;
        image::provide(&client, with, step).await?;
        let container = Container::create(client.clone(), body).await?;
        files::put(&client, container.id(), with.script.as_deref()).await?;
        Ok((client, container))
    }

    /// Keeps the artifacts, and answers with the output.
    async fn take_out(
        &self,
        client: &Client,
        container: &Container,
        step: &StepContext<'_>,
    ) -> Result<Value, StepError> {
        let directory = self.scratch.step(step.run_id, step.step).map_err(StepError::retry)?;
        let taken = files::take(client, container.id(), directory.artifacts()).await?;
        for sentence in &taken.left_out {
            step.log.say(sentence).await;
        }
        artifacts::leave_directory(step, &directory.artifacts()).await;
        output::parse(&taken.output)
    }
}

impl StepKindHandler for Docker {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(self.run_container(step))
    }

    fn tend<'a>(&'a self, leases: &'a Leases) -> BoxFuture<'a, ()> {
        Box::pin(reap::keep_reaping(&self.engine, &self.installation, leases))
    }
}

fn out_of_memory(with: &With) -> StepError {
    let limit = with.memory_mib.map_or_else(String::new, |mib| format!(" of {mib} MiB"));
    StepError::words(
        "out_of_memory",
        format!("the container was killed: it used more than its memory{limit}"),
    )
    .hint("Give the step more memory_mib, or less to do at once.")
}

fn failed(code: i64, step: &StepContext<'_>) -> StepError {
    let message = match code {
        126 => "exit code 126: the command cannot be executed".to_owned(),
        127 => "exit code 127: the command is not in the image".to_owned(),
        128..=192 => format!("exit code {code}: ended by signal {}", code - 128),
        code => format!("exit code {code}"),
    };
    let error = StepError::words("step_failed", message).retryable();
    match step.log.last_error_line() {
        Some(line) => error.hint(line),
        None => error.hint("It printed nothing on standard error; its log says how far it came."),
    }
}
