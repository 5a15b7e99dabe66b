//! The kind `api`: one HTTP request.
//!
//! The address is resolved and checked here, and the connection goes to the address that was checked.

mod guard;
mod request;
mod response;

pub use guard::{AllowedAddress, NetworkPolicy, NotAnAddress};

use super::{StepContext, StepError, StepKindHandler};
use futures::future::BoxFuture;
use http::{
    Method, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use request::Call;
use reqwest::{Client, Response, redirect};
use serde_json::Value;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use url::Url;

/// Redirects that are followed when a step asks for it.
const MOST_REDIRECTS: usize = 5;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest silence of the other side.
const READ_TIMEOUT: Duration = Duration::from_mins(1);

/// Sends HTTP requests.
#[derive(Debug)]
pub struct Api {
    policy: NetworkPolicy,
}

impl Api {
    /// Sends requests to the addresses that `policy` allows.
    pub fn new(policy: NetworkPolicy) -> Self {
        // Another part of the process may have chosen a provider before; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { policy }
    }

    async fn call(&self, step: StepContext<'_>) -> Result<Value, StepError> {
        let mut call = Call::new(&step)?;
        let began = Instant::now();
        step.log.say(&format!("{} {}", call.method, shown(&call.url))).await;
        let mut redirects = 0;
        let response = loop {
            let response = self.send(&call).await?;
            match target(&response, &call.url) {
                Some(next) if call.follow_redirects => {
                    redirects += 1;
                    if redirects > MOST_REDIRECTS {
                        let message = format!("more than {MOST_REDIRECTS} redirects");
                        return Err(StepError::words("too_many_redirects", message)
                            .hint("Two addresses may lead to each other; ask for the last one directly."));
                    }
                    step.log
                        .say(&format!("{} leads to {}", response.status(), shown(&next)))
                        .await;
                    call.follow(response.status(), next);
                }
                _ => break response,
            }
        };
        response::read(response, &call, &step, began).await
    }

    /// One request to the address of `call`, on a connection to an address that was checked.
    async fn send(&self, call: &Call) -> Result<Response, StepError> {
        let addresses = self.policy.resolve(&call.url).await?;
        let client = client(&call.url, &addresses)?;
        let mut request = client
            .request(call.method.clone(), call.url.clone())
            .headers(call.headers.clone());
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|error| unreachable(&error, call))
    }
}

impl StepKindHandler for Api {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(async move {
            let stop = step.stop;
            tokio::select! {
                result = self.call(step) => result,
                _ = stop.requested() => Err(StepError::stopped()),
            }
        })
    }
}

/// A client that knows one host, at addresses that were checked, and follows nothing by itself.
fn client(url: &Url, addresses: &[SocketAddr]) -> Result<Client, StepError> {
    Client::builder()
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .user_agent(concat!("runboard/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(StepError::fail)
}

fn target(response: &Response, from: &Url) -> Option<Url> {
    let leads_on = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    leads_on.then(|| from.join(location).ok()).flatten()
}

impl Call {
    /// Turns to where a redirect leads, as browsers do.
    fn follow(&mut self, status: StatusCode, next: Url) {
        if next.origin() != self.url.origin() {
            // What was meant for one host is not told to another.
            self.headers.clear();
        }
        let keeps_method = matches!(status.as_u16(), 307 | 308) || self.method == Method::HEAD;
        if !keeps_method {
            self.method = Method::GET;
            self.body = None;
            self.headers.remove(CONTENT_TYPE);
        }
        self.url = next;
    }
}

fn unreachable(error: &reqwest::Error, call: &Call) -> StepError {
    let host = call.url.host_str().unwrap_or_default();
    let words = if error.is_timeout() {
        StepError::words("timeout", format!("{host} did not answer in time"))
            .hint("Give the step a longer timeout_seconds, or find out why the other side is slow.")
            .retryable()
    } else if error.is_connect() {
        StepError::words("not_reachable", format!("{host} cannot be reached"))
            .hint("Check the address and whether the other side is running; the log of the worker has the details.")
            .retryable()
    } else if error.is_builder() {
        StepError::words("invalid_input", "the request cannot be built").hint("Check the address and the headers.")
    } else {
        StepError::words("not_reachable", format!("the exchange with {host} broke off"))
            .hint("Usually the next try ends better: give the step retry.")
            .retryable()
    };
    words.caused_by(anyhow::anyhow!("{error:?}"))
}

/// An address as it may be logged: without the user name and password in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}
