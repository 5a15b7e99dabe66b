//! The kind `agent`: work of an agent outside, behind a small HTTP adapter.
//!
//! The work is started under a key that is the same at every try, so a worker that takes the run over
//! attaches to the work that goes on instead of starting it twice. A worker that only shuts down, or has
//! lost the run, leaves the agent working; a person who cancels stops it.

mod adapter;
mod follow;
mod stream;
mod wire;

use super::{NetworkPolicy, StepContext, StepError, StepKindHandler, artifacts};
use crate::stop::StopReason;
use adapter::Adapter;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use follow::Follower;
use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;
use wire::{Artifact, State, Status};

/// How long an adapter may take to hear that its work should stop.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Lets agents work.
#[derive(Debug)]
pub struct Agent {
    policy: NetworkPolicy,
}

/// `with` of an agent step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    adapter: String,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    input: Value,
}

impl Agent {
    /// Reaches adapters that `policy` allows.
    pub fn new(policy: NetworkPolicy) -> Self {
        runs::network::choose_crypto();
        Self { policy }
    }

    async fn work(&self, step: StepContext<'_>) -> Result<Value, StepError> {
        let with: With = step.with_as()?;
        let starting = async {
            let adapter = Adapter::reach(&self.policy, &with.adapter, &with.headers, &step).await?;
            let started = adapter.start(&with.input, &step).await?;
            Ok::<_, StepError>((adapter, started))
        };
        // A start that was asked for and not heard is found again by its key.
        let (adapter, started) = tokio::select! {
            started = starting => started?,
            _ = step.stop.requested() => return Err(StepError::stopped()),
        };
        let verb = if started.resumed { "goes on with" } else { "began" };
        step.log
            .say(&format!("The agent at {} {verb} {}.", adapter.shown(), started.id))
            .await;
        let mut follower = Follower {
            adapter: &adapter,
            id: &started.id,
            step: &step,
            heard: 0,
        };
        let reason = tokio::select! {
            state = follower.follow() => return conclude(state?, &adapter, &started.id, &step).await,
            reason = step.stop.requested() => reason,
        };
        let goes_on = matches!(reason, StopReason::Released | StopReason::Lost);
        if !goes_on {
            stop(&adapter, &started.id, &step).await;
        }
        Err(StepError::stopped())
    }
}

impl StepKindHandler for Agent {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(self.work(step))
    }
}

/// Tells the agent to stop, and keeps what it has left so far.
async fn stop(adapter: &Adapter, id: &str, step: &StepContext<'_>) {
    let told = async {
        adapter.cancel(id).await?;
        adapter.state(id, u64::MAX).await
    };
    match tokio::time::timeout(LAST_WORDS, told).await {
        Ok(Ok(state)) => {
            step.log.say("The agent was told to stop.").await;
            keep(state.artifacts, adapter, id, step).await;
        }
        Ok(Err(error)) => {
            let text = format!("The agent could not be told to stop: {}.", error.message);
            step.log.say(&text).await;
        }
        Err(_) => {
            step.log
                .say("The adapter did not answer when it was told to stop.")
                .await;
        }
    }
}

async fn conclude(state: State, adapter: &Adapter, id: &str, step: &StepContext<'_>) -> Result<Value, StepError> {
    keep(state.artifacts, adapter, id, step).await;
    match (state.status, state.error) {
        (Status::Success, _) => Ok(match state.output {
            Value::Object(fields) => Value::Object(fields),
            Value::Null => json!({}),
            value => json!({"value": value}),
        }),
        (Status::Canceled, _) => Err(
            StepError::words("agent_canceled", "the agent was stopped from its own side")
                .hint("Ask whoever runs the agent, or start the run again."),
        ),
        (_, Some(failed)) => {
            let error = StepError::words("agent_failed", failed.message);
            let error = error.hint(
                failed
                    .hint
                    .unwrap_or_else(|| "The words are those of the agent.".to_owned()),
            );
            Err(if failed.retryable { error.retryable() } else { error })
        }
        (_, None) => Err(StepError::words("agent_failed", "the agent failed and did not say why")
            .hint("Look at the log of the step and of the adapter.")),
    }
}

async fn keep(artifacts: Vec<Artifact>, adapter: &Adapter, id: &str, step: &StepContext<'_>) {
    for artifact in artifacts {
        let name = artifact.name;
        let bytes = match (artifact.text, artifact.base64) {
            (Some(text), _) => Ok(text.into_bytes()),
            (None, Some(base64)) => STANDARD
                .decode(base64)
                .map_err(|_| "its content is not base64".to_owned()),
            (None, None) => adapter.artifact(id, &name).await.map_err(|error| error.message),
        };
        match bytes {
            Ok(bytes) => step.leave(artifacts::file_of(name, bytes)).await,
            Err(why) => {
                let text = format!("{name} is left out: {why}.");
                step.log.say(&text).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::agreement::agrees;

    #[test]
    fn with_has_the_fields_of_the_published_schema() {
        agrees::<With>("agent");
    }
}
