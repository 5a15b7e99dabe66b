//! One container from its making to its removal.

use super::engine::in_words;
use crate::{
    log::{StepLog, pump},
    pace,
    steps::{StepContext, StepError},
};
use bollard::{
    Docker as Client,
    container::LogOutput,
    errors::Error,
    models::ContainerCreateBody,
    query_parameters::{
        KillContainerOptionsBuilder, LogsOptionsBuilder, RemoveContainerOptionsBuilder, StartContainerOptions,
        WaitContainerOptionsBuilder,
    },
};
use futures::{Stream, StreamExt, future::join3};
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// How long the last lines of a container that ended may take.
const LAST_LINES: Duration = Duration::from_secs(10);
/// Bytes of output on their way into the log.
const IN_TRANSIT: usize = 64 * 1024;

/// A container. When it is dropped before it was removed, it is killed and removed behind the scenes.
#[derive(Debug)]
pub(super) struct Container {
    client: Client,
    id: String,
    gone: bool,
}

impl Container {
    /// Makes a container that does not run yet.
    pub(super) async fn create(client: Client, body: ContainerCreateBody) -> Result<Self, StepError> {
        let created = client
            .create_container(None, body)
            .await
            .map_err(|error| in_words(error, "create the container"))?;
        Ok(Self {
            client,
            id: created.id,
            gone: false,
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Runs it to its end, or ends it when the step has to stop; answers with its exit code.
    pub(super) async fn run(&self, step: &StepContext<'_>) -> Result<i64, StepError> {
        self.client
            .start_container(&self.id, None::<StartContainerOptions>)
            .await
            .map_err(|error| {
                in_words(error, "start the container").hint("Check the command and the paths: are they in the image?")
            })?;
        let options = LogsOptionsBuilder::new().follow(true).stdout(true).stderr(true).build();
        let printing = print(self.client.logs(&self.id, Some(options)), step.log);
        tokio::pin!(printing);
        let ending = self.ended();
        tokio::pin!(ending);
        let mut printed = false;

        let ended = loop {
            tokio::select! {
                ended = &mut ending => break ended,
                () = &mut printing, if !printed => printed = true,
                reason = step.stop.requested() => {
                    let end = self.end(step.grace(reason), &mut ending);
                    tokio::pin!(end);
                    break loop {
                        tokio::select! {
                            ended = &mut end => break ended,
                            () = &mut printing, if !printed => printed = true,
                        }
                    };
                }
            }
        };
        if !printed {
            tokio::select! {
                () = &mut printing => {}
                () = pace::pause(LAST_LINES) => {}
            }
        }
        ended
    }

    /// Whether the kernel ended it for its memory.
    pub(super) async fn ran_out_of_memory(&self) -> bool {
        let about = self.client.inspect_container(&self.id, None).await.ok();
        about.and_then(|about| about.state?.oom_killed).unwrap_or_default()
    }

    /// Removes it, whatever state it is in.
    pub(super) async fn remove(mut self) {
        self.gone = remove(&self.client, &self.id).await;
    }

    /// The exit code, when it has one.
    async fn ended(&self) -> Result<i64, StepError> {
        let options = WaitContainerOptionsBuilder::new().condition("not-running").build();
        let mut answers = std::pin::pin!(self.client.wait_container(&self.id, Some(options)));
        match answers.next().await {
            Some(Ok(answer)) => Ok(answer.status_code),
            Some(Err(Error::DockerContainerWaitError { code, .. })) => Ok(code),
            Some(Err(error)) => Err(in_words(error, "wait for the container")),
            None => Err(StepError::words("no_docker_engine", "the engine forgot the container")
                .hint("Somebody may have removed it, or the engine was started anew.")
                .retryable()),
        }
    }

    /// Asks it to end, and kills it when it has not after `grace`.
    async fn end(
        &self,
        grace: Duration,
        mut ended: impl Future<Output = Result<i64, StepError>> + Unpin,
    ) -> Result<i64, StepError> {
        if !grace.is_zero() {
            self.signal("SIGTERM").await;
            tokio::select! {
                ended = &mut ended => return ended,
                () = pace::pause(grace) => {}
            }
        }
        self.signal("SIGKILL").await;
        ended.await
    }

    async fn signal(&self, signal: &str) {
        let options = KillContainerOptionsBuilder::new().signal(signal).build();
        // It fails when the container has ended already, which is what is wanted.
        if let Err(error) = self.client.kill_container(&self.id, Some(options)).await {
            tracing::debug!(%error, container.id = self.id, signal, "A container did not take a signal.");
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        if self.gone {
            return;
        }
        let (client, id) = (self.client.clone(), std::mem::take(&mut self.id));
        // Without a runtime the process ends; the next worker of this engine finds the container.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { remove(&client, &id).await });
        }
    }
}

/// Kills and removes a container with its volumes; answers whether it is gone.
pub(super) async fn remove(client: &Client, id: &str) -> bool {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    match client.remove_container(id, Some(options)).await {
        // 409: a removal is already in progress.
        Ok(())
        | Err(Error::DockerResponseServerError {
            status_code: 404 | 409, ..
        }) => true,
        Err(error) => {
            tracing::warn!(%error, container.id = id, "A container could not be removed; it is tried again later.");
            false
        }
    }
}

/// Sorts what a container prints into lines of the two streams.
async fn print(outputs: impl Stream<Item = Result<LogOutput, Error>>, log: &StepLog) {
    let (out, mut to_out) = tokio::io::simplex(IN_TRANSIT);
    let (err, mut to_err) = tokio::io::simplex(IN_TRANSIT);
    let sorting = async move {
        let mut outputs = std::pin::pin!(outputs);
        while let Some(output) = outputs.next().await {
            let sent = match output {
                Ok(LogOutput::StdErr { message }) => to_err.write_all(&message).await,
                Ok(other) => to_out.write_all(&other.into_bytes()).await,
                Err(error) => {
                    tracing::warn!(%error, "The log of a container broke off.");
                    break;
                }
            };
            if sent.is_err() {
                break;
            }
        }
    };
    let _ = join3(sorting, pump(out, 'o', log), pump(err, 'e', log)).await;
}
