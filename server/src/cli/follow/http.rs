//! Runs through a server.

use super::{LINES, Look};
use anyhow::Context;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Map, Value, json};

/// A server and a token.
pub(in crate::cli) struct Http {
    client: Client,
    url: String,
    token: String,
}

impl Http {
    pub(super) fn new(url: &str, token: String) -> anyhow::Result<Self> {
        runs::network::choose_crypto();
        Ok(Self {
            client: Client::builder().timeout(std::time::Duration::from_secs(30)).build()?,
            url: url.trim_end_matches('/').to_owned(),
            token,
        })
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<(StatusCode, Value)> {
        let request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request
            .send()
            .await
            .with_context(|| format!("{} does not answer", self.url))?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        Ok((status, body))
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let (status, body) = self.call(Method::GET, path, None).await?;
        refused(status, &body)?;
        Ok(body)
    }

    pub(super) async fn params_of(&self, template: &str) -> anyhow::Result<Option<Value>> {
        let (status, body) = self
            .call(Method::GET, &format!("/api/templates/{template}"), None)
            .await?;
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        refused(status, &body)?;
        Ok(Some(body["definition"]["params"].clone()))
    }

    pub(super) async fn start(&self, template: &str, params: Map<String, Value>) -> anyhow::Result<String> {
        let body = json!({"template": template, "params": params, "requested_by": {"ui": "cli"}});
        let (status, answer) = self.call(Method::POST, "/runs.create", Some(&body)).await?;
        refused(status, &answer)?;
        answer["run_id"]
            .as_str()
            .map(str::to_owned)
            .context("the server named no run")
    }

    /// Every event, page by page.
    async fn events(&self, run_id: &str) -> anyhow::Result<Vec<Value>> {
        let mut all = Vec::new();
        let mut page = String::new();
        loop {
            let events = self.get(&format!("/api/runs/{run_id}/events{page}")).await?;
            all.extend(items(&events).cloned());
            match events["next_cursor"].as_str() {
                Some(cursor) => page = format!("?cursor={cursor}"),
                None => return Ok(all),
            }
        }
    }

    pub(super) async fn look(&self, run_id: &str, from_line: i64) -> anyhow::Result<Look> {
        let run = self.get(&format!("/api/runs/{run_id}")).await?;
        let log = self
            .get(&format!("/api/runs/{run_id}/logs?from={from_line}&lines={LINES}"))
            .await?;
        let events = self.events(run_id).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(Look {
            status: text(&run["status"]),
            message: run["error"]["message"].as_str().map(str::to_owned),
            lines: items(&log)
                .map(|line| {
                    (
                        line["line"].as_i64().unwrap_or_default(),
                        text(&line["step"]),
                        text(&line["text"]),
                    )
                })
                .collect(),
            events: events
                .iter()
                .filter_map(|event| {
                    let number = (event["lease_seq"].as_i64()?, event["seq"].as_i64()?);
                    Some((number, event["at"].as_str()?.parse().ok()?, text(&event["message"])))
                })
                .collect(),
        })
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list["items"].as_array().into_iter().flatten()
}

/// A refusal, in the words of the server.
fn refused(status: StatusCode, body: &Value) -> anyhow::Result<()> {
    if status.is_success() {
        return Ok(());
    }
    let detail = body["detail"].as_str().unwrap_or("the server refused without a reason");
    let field = body["field"]
        .as_str()
        .map(|field| format!(" ({field})"))
        .unwrap_or_default();
    let hint = body["hint"].as_str().map(|hint| format!(" {hint}")).unwrap_or_default();
    let words = format!("{detail}{field}{hint}");
    Err(Refused { status, words }.into())
}

/// What a server answered instead of doing it.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub(super) struct Refused {
    /// The status of the answer.
    status: StatusCode,
    words: String,
}

/// Whether the next try may end better: nobody answered, or a server that cannot right now.
pub(super) fn is_passing(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<reqwest::Error>()
            || cause.downcast_ref::<Refused>().is_some_and(|refused| {
                refused.status.is_server_error() || refused.status == StatusCode::TOO_MANY_REQUESTS
            })
    })
}
