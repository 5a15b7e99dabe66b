//! The adapter before an agent: the few requests of its protocol, which docs/STEPS.md tells whole.

use super::wire::{Started, State};
use crate::steps::{NetworkPolicy, StepContext, StepError, environment, network};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use reqwest::{Client, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::time::Duration;
use url::Url;

/// Longest silence of an adapter; one that streams events sends a comment now and then.
const READ_TIMEOUT: Duration = Duration::from_mins(1);
/// Largest answer that is read whole, in bytes.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// An adapter, and the headers that every request to it carries.
#[derive(Debug)]
pub(super) struct Adapter {
    client: Client,
    base: Url,
    headers: HeaderMap,
}

impl Adapter {
    /// The adapter at `address`, when it may be reached.
    pub(super) async fn reach(
        policy: &NetworkPolicy,
        address: &str,
        given: &Map<String, Value>,
        step: &StepContext<'_>,
    ) -> Result<Self, StepError> {
        let base: Url = address
            .trim()
            .parse()
            .map_err(|error| invalid(format!("{address:?} is no address: {error}")))?;
        let addresses = policy.resolve(&base).await?;
        let client = network::client(&base, &addresses)
            .read_timeout(READ_TIMEOUT)
            .build()
            .map_err(StepError::fail)?;
        Ok(Self {
            client,
            base,
            headers: headers(given, step)?,
        })
    }

    /// The adapter without what is secret in its address.
    pub(super) fn shown(&self) -> String {
        network::shown(&self.base)
    }

    /// Starts the work, or finds it when it was started before under the same key.
    pub(super) async fn start(&self, input: &Value, step: &StepContext<'_>) -> Result<Started, StepError> {
        let body = json!({"run_id": step.run_id, "step": step.step, "attempt": step.attempt, "input": input});
        let request = self
            .client
            .post(self.at(&["runs"])?)
            .header(CONTENT_TYPE, "application/json");
        self.answer(request.body(body.to_string())).await
    }

    /// How far the work is, with the events after `after`.
    pub(super) async fn state(&self, id: &str, after: u64) -> Result<State, StepError> {
        let mut url = self.at(&["runs", id])?;
        url.query_pairs_mut().append_pair("after", &after.to_string());
        self.answer(self.client.get(url)).await
    }

    /// The stream of events after `after`; `None` when the adapter has none and wants to be asked.
    pub(super) async fn events(&self, id: &str, after: u64) -> Result<Option<Response>, StepError> {
        let request = self
            .client
            .get(self.at(&["runs", id, "events"])?)
            .header(ACCEPT, "text/event-stream")
            .header("last-event-id", after);
        let response = self.send(request).await?;
        match response.status() {
            StatusCode::OK => Ok(is_stream(&response).then_some(response)),
            StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE
            | StatusCode::NOT_IMPLEMENTED => Ok(None),
            _ => Err(self.refused(response).await),
        }
    }

    /// Asks the agent to stop.
    pub(super) async fn cancel(&self, id: &str) -> Result<(), StepError> {
        let response = self.send(self.client.post(self.at(&["runs", id, "cancel"])?)).await?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(self.refused(response).await)
        }
    }

    /// The content of an artifact that was named without it.
    pub(super) async fn artifact(&self, id: &str, name: &str) -> Result<Vec<u8>, StepError> {
        let response = self
            .send(self.client.get(self.at(&["runs", id, "artifacts", name])?))
            .await?;
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        self.whole(response).await
    }

    fn at(&self, parts: &[&str]) -> Result<Url, StepError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| invalid("the address of the adapter cannot have a path".to_owned()))?
            .pop_if_empty()
            .extend(parts);
        Ok(url)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, StepError> {
        let sent = request.headers(self.headers.clone()).send().await;
        sent.map_err(|error| network::unreachable(&error, &self.base))
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, StepError> {
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        let bytes = self.whole(response).await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            StepError::words(
                "adapter_error",
                format!("the adapter answered what is not its protocol: {error}"),
            )
            .hint("Compare what it answers with docs/STEPS.md.")
        })
    }

    async fn whole(&self, mut response: Response) -> Result<Vec<u8>, StepError> {
        let mut bytes = Vec::new();
        while let Some(part) = response
            .chunk()
            .await
            .map_err(|error| network::unreachable(&error, &self.base))?
        {
            if bytes.len() + part.len() > LARGEST_ANSWER {
                let limit = LARGEST_ANSWER / (1024 * 1024);
                return Err(
                    StepError::words("adapter_error", format!("the adapter answered more than {limit} MiB"))
                        .hint("Leave large things as artifacts."),
                );
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }

    async fn refused(&self, response: Response) -> StepError {
        let status = response.status();
        let text = self.whole(response).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let text = text.trim();
        let words = &text[..text.floor_char_boundary(300)];
        let error = StepError::words("adapter_error", format!("the adapter answered {status}"));
        let error = match (status.as_u16(), words) {
            (401 | 403, _) => error.hint("It wants other credentials: check the headers and the secret they use."),
            (_, "") => error.hint("Look at the log of the adapter."),
            (_, words) => error.hint(words),
        };
        if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
            error.retryable()
        } else {
            error
        }
    }
}

fn headers(given: &Map<String, Value>, step: &StepContext<'_>) -> Result<HeaderMap, StepError> {
    let own = [
        ("idempotency-key", step.idempotency_key()),
        ("x-runboard-run", step.run_id.to_owned()),
        ("x-runboard-lease", step.lease_seq.to_string()),
        ("x-runboard-attempt", step.attempt.to_string()),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    let given = given
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), environment::text(value)));
    let mut headers = HeaderMap::new();
    // What every adapter relies on comes last: a template cannot give itself another key.
    for (name, value) in given.chain(own) {
        let wrong = || invalid(format!("the header {name} cannot be sent"));
        headers.insert(
            HeaderName::try_from(&name).map_err(|_| wrong())?,
            HeaderValue::try_from(&value).map_err(|_| wrong())?,
        );
    }
    Ok(headers)
}

fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

fn invalid(message: String) -> StepError {
    StepError::words("invalid_input", message).hint("Look at with in the template and at the parameters of the run.")
}
