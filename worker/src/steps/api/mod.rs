//! The kind `api`: one HTTP request.
//!
//! The address is resolved and checked here, and the connection goes to the address that was checked.

mod request;
mod response;

pub use super::network::{AllowedAddress, NetworkPolicy, NotAnAddress};

use super::{
    StepContext, StepError, StepKindHandler,
    network::{self, shown, unreachable},
};
use db::queue::Wait;
use domain::WaitKind;
use futures::future::BoxFuture;
use http::{
    HeaderName, HeaderValue, Method, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use request::Call;
use reqwest::Response;
use serde_json::{Map, Value};
use std::time::{Duration, Instant};
use url::Url;

/// Redirects that are followed when a step asks for it.
const MOST_REDIRECTS: usize = 5;
/// Carries the token to answer with, at `POST /runs.callback/{token}`.
const CALLBACK_TOKEN: HeaderName = HeaderName::from_static("runboard-callback-token");
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
        runs::network::choose_crypto();
        Self { policy }
    }

    async fn call(&self, step: StepContext<'_>) -> Result<Value, StepError> {
        let mut call = Call::new(&step)?;
        if call.callback.is_some() {
            let token = step.open_callback().await?;
            let token = HeaderValue::try_from(token).map_err(StepError::fail)?;
            call.headers.insert(CALLBACK_TOKEN, token);
        }
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
                    call.follow(response.status(), next)?;
                }
                _ => break response,
            }
        };
        let output = response::read(response, &call, &step, began).await?;
        match call.callback {
            None => Ok(output),
            Some(callback) => Err(StepError::wait(Wait {
                message: Some(format!(
                    "Waits for {} to answer.",
                    call.url.host_str().unwrap_or_default()
                )),
                timeout_seconds: callback.timeout_seconds,
                ..Wait::new(WaitKind::Callback)
            })),
        }
    }

    /// One request to the address of `call`, on a connection to an address that was checked.
    async fn send(&self, call: &Call) -> Result<Response, StepError> {
        let addresses = self.policy.resolve(&call.url).await?;
        let client = network::client(&call.url, &addresses)
            .read_timeout(READ_TIMEOUT)
            .build()
            .map_err(StepError::fail)?;
        let mut request = client
            .request(call.method.clone(), call.url.clone())
            .headers(call.headers.clone());
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|error| unreachable(&error, &call.url))
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

    fn may_wait(&self, with: &Map<String, Value>) -> bool {
        with.contains_key("callback")
    }
}

fn target(response: &Response, from: &Url) -> Option<Url> {
    let leads_on = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    leads_on.then(|| from.join(location).ok()).flatten()
}

impl Call {
    /// Turns to where a redirect leads, as browsers do, except that what was meant for one host is not told to
    /// another: headers stay behind, and a body that would have to come along ends the way.
    fn follow(&mut self, status: StatusCode, next: Url) -> Result<(), StepError> {
        let keeps_method = matches!(status.as_u16(), 307 | 308) || self.method == Method::HEAD;
        if next.origin() != self.url.origin() {
            if keeps_method && self.body.is_some() {
                let message = format!("{} wants the body to be sent on to {}", shown(&self.url), shown(&next));
                return Err(StepError::words("redirect_refused", message)
                    .hint("Ask there directly, if it may have what the step sends."));
            }
            self.headers.clear();
        }
        if !keeps_method {
            self.method = Method::GET;
            self.body = None;
            self.headers.remove(CONTENT_TYPE);
        }
        self.url = next;
        Ok(())
    }
}
