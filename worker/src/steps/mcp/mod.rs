//! The kind `mcp`: one call of a tool of an MCP server, through the official SDK.
//!
//! The server is a program that is started for this call, or an address that is reached by streamable
//! HTTP under the same rules as an api step.

mod client;
mod outcome;
mod program;
mod request;
mod voice;

use super::{
    NetworkPolicy, StepContext, StepError, StepKindHandler,
    network::{self, shown},
};
use crate::{scratch::Scratch, stop::StopReason};
use client::BoundedClient;
use futures::future::{BoxFuture, join};
use program::Program;
use request::{Way, With};
use rmcp::{
    RoleClient, ServiceError, ServiceExt,
    model::{
        CallToolRequest, CallToolRequestParams, CallToolResult, CancelledNotification, CancelledNotificationParam,
        ClientRequest, RequestMetaObject, ServerResult,
    },
    service::{ClientInitializeError, Peer, PeerRequestOptions, RunningService},
    transport::{StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig},
};
use serde_json::{Map, Value};
use std::{sync::Arc, time::Duration};
use voice::Voice;

/// How long a server may take to hear that it should stop.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Calls tools.
#[derive(Debug)]
pub struct Mcp {
    policy: NetworkPolicy,
    scratch: Arc<Scratch>,
}

impl Mcp {
    /// Reaches servers that `policy` allows, and starts programs in directories under `scratch`.
    pub fn new(policy: NetworkPolicy, scratch: Arc<Scratch>) -> Self {
        runs::network::choose_crypto();
        Self { policy, scratch }
    }

    async fn call(&self, step: StepContext<'_>) -> Result<Value, StepError> {
        let with: With = step.with_as()?;
        match with.way(&step)? {
            Way::Program { command, args, env } => {
                let directory = self.scratch.step(step.run_id, step.step).map_err(StepError::retry)?;
                let (program, streams) = Program::start(&command, &args, &env, &step, &directory)?;
                step.log.say(&format!("Calling {} of {command}.", with.tool)).await;
                let (voice, heard) = Voice::new();
                let working = async {
                    let connecting = voice.serve((streams.stdout, streams.stdin));
                    let server = connected(connecting, &with, &step).await?;
                    ask(server, &with, &step).await
                };
                let listening = join(voice::listen(heard, &step), program::print(streams.stderr, &step));
                let answered = Box::pin(while_listening(working, listening)).await;
                let grace = step.stop.reason().map_or(LAST_WORDS, |reason| step.grace(reason));
                program.end(grace).await;
                answered
            }
            Way::Address { url, headers } => {
                let connecting = async {
                    let addresses = self.policy.resolve(&url).await?;
                    let client = network::client(&url, &addresses)
                        .pool_max_idle_per_host(0)
                        .build()
                        .map_err(StepError::fail)?;
                    let config = StreamableHttpClientTransportConfig::with_uri(url.as_str()).custom_headers(headers);
                    Ok::<_, StepError>(StreamableHttpClientTransport::with_client(
                        BoundedClient(client),
                        config,
                    ))
                };
                let transport = tokio::select! {
                    transport = connecting => transport?,
                    _ = step.stop.requested() => return Err(StepError::stopped()),
                };
                step.log
                    .say(&format!("Calling {} at {}.", with.tool, shown(&url)))
                    .await;
                let (voice, heard) = Voice::new();
                let working = async {
                    let server = connected(voice.serve(transport), &with, &step).await?;
                    ask(server, &with, &step).await
                };
                Box::pin(while_listening(working, voice::listen(heard, &step))).await
            }
        }
    }
}

impl StepKindHandler for Mcp {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(self.call(step))
    }
}

/// Works and listens at once; what was heard before the end is written before it.
async fn while_listening<T>(
    working: impl Future<Output = Result<T, StepError>>,
    listening: impl Future,
) -> Result<T, StepError> {
    tokio::pin!(working, listening);
    let mut heard_all = false;
    let answered = loop {
        tokio::select! {
            answered = &mut working => break answered,
            _ = &mut listening, if !heard_all => heard_all = true,
        }
    };
    if !heard_all {
        // A program that holds its standard error open is ended afterwards.
        let _ = tokio::time::timeout(Duration::from_millis(200), listening).await;
    }
    answered
}

/// Shakes hands with a server.
async fn connected(
    connecting: impl Future<Output = Result<RunningService<RoleClient, Voice>, ClientInitializeError>>,
    with: &With,
    step: &StepContext<'_>,
) -> Result<RunningService<RoleClient, Voice>, StepError> {
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(with.patience(), connecting) => shaken,
        _ = step.stop.requested() => return Err(StepError::stopped()),
    };
    match shaken {
        Ok(Ok(server)) => Ok(server),
        Ok(Err(error)) => {
            let unauthorized = error.is_authorization_required();
            let words = StepError::words("mcp_unavailable", "the server did not shake hands");
            let words =
                if unauthorized {
                    words.hint("The server wants other credentials: check the headers and the secret they use.")
                } else {
                    let said = step.log.last_error_line();
                    words
                        .hint(said.unwrap_or_else(|| {
                            "Does it speak MCP over this transport? Its log may say more.".to_owned()
                        }))
                        .retryable()
                };
            Err(words.caused_by(error))
        }
        Err(_) => Err(silent(with)),
    }
}

/// Calls the tool, when the server has it.
async fn ask(
    server: RunningService<RoleClient, Voice>,
    with: &With,
    step: &StepContext<'_>,
) -> Result<Value, StepError> {
    let asked = async {
        let listed = tokio::time::timeout(with.patience(), server.list_all_tools()).await;
        let tools = listed
            .map_err(|_| silent(with))?
            .map_err(|error| in_words(error, with, step))?;
        if !tools.iter().any(|tool| tool.name == with.tool) {
            let mut names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
            names.sort_unstable();
            let known = if names.is_empty() {
                "It has no tools.".to_owned()
            } else {
                format!("It has {}.", names.join(", "))
            };
            let message = format!("the server has no tool {}", with.tool);
            return Err(StepError::words("unknown_tool", message).hint(known));
        }
        call_tool(server.peer(), with, step).await
    };
    let answer = tokio::select! {
        answer = asked => answer,
        // The call itself hears of a stop and tells the server; this is for what comes before.
        () = stopped_for_long(step) => Err(StepError::stopped()),
    };
    let read = match answer {
        Ok(answer) => outcome::read(answer, &with.tool, step).await,
        Err(error) => Err(error),
    };
    let _ = tokio::time::timeout(LAST_WORDS, server.cancel()).await;
    read
}

async fn call_tool(peer: &Peer<RoleClient>, with: &With, step: &StepContext<'_>) -> Result<CallToolResult, StepError> {
    let params = CallToolRequestParams::new(with.tool.clone()).with_arguments(with.arguments.clone());
    let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
    let options = PeerRequestOptions::with_timeout(with.patience())
        .reset_timeout_on_progress()
        .with_meta(RequestMetaObject::from(meta(step)));
    let call = peer
        .send_cancellable_request(request, options)
        .await
        .map_err(|error| in_words(error, with, step))?;
    let id = call.id.clone();
    let answer = tokio::select! {
        answer = call.await_response() => answer,
        reason = step.stop.requested() => {
            if reason != StopReason::Lost {
                let param = CancelledNotificationParam::new(Some(id), Some("The run was stopped.".to_owned()));
                let told = peer.send_notification(CancelledNotification::new(param).into());
                let _ = tokio::time::timeout(LAST_WORDS, told).await;
            }
            return Err(StepError::stopped());
        }
    };
    match answer {
        Ok(ServerResult::CallToolResult(result)) => Ok(result),
        Ok(_) => Err(
            StepError::words("mcp_error", "the server asked for more before it would answer")
                .hint("A step cannot answer questions of a tool; give it everything in arguments."),
        ),
        Err(error) => Err(in_words(error, with, step)),
    }
}

/// Tells the tool who calls, so that it can know a repetition.
fn meta(step: &StepContext<'_>) -> Map<String, Value> {
    let own = |name: &str, value: Value| (format!("runboard/{name}"), value);
    Map::from_iter([
        own("idempotency_key", Value::from(step.idempotency_key())),
        own("run_id", Value::from(step.run_id)),
        own("lease_seq", Value::from(step.lease_seq)),
    ])
}

async fn stopped_for_long(step: &StepContext<'_>) {
    step.stop.requested().await;
    crate::pace::pause(LAST_WORDS + Duration::from_secs(1)).await;
}

fn silent(with: &With) -> StepError {
    let seconds = with.patience().as_secs();
    StepError::words("timeout", format!("the server was silent for {seconds} s"))
        .hint("Give the server a longer timeout_seconds in with, or find out in its log what it waits for.")
        .retryable()
}

fn in_words(error: ServiceError, with: &With, step: &StepContext<'_>) -> StepError {
    match error {
        ServiceError::Timeout { .. } => silent(with),
        ServiceError::McpError(told) => StepError::words(
            "mcp_error",
            format!("the server refused: {}", told.message.trim_end_matches('.')),
        )
        .hint("The words are those of the server; look at the tool and its arguments.")
        .caused_by(anyhow::anyhow!("{told:?}")),
        error => {
            let said = step.log.last_error_line();
            StepError::words("mcp_unavailable", "the server went away before it answered")
                .hint(
                    said.unwrap_or_else(|| {
                        "Look at the log of the server; usually the next try ends better.".to_owned()
                    }),
                )
                .retryable()
                .caused_by(error)
        }
    }
}
