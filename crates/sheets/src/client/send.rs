//! One request: the quota first, then as many tries as its time allows.

use super::{
    Credential, Permit, Quota, RequestClass, SheetsError, Surroundings,
    credential::{ServiceAccount, Token},
    error::excerpt,
};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{fmt, sync::Arc, time::Duration};
use url::{Url, form_urlencoded};

/// Google ends a request after this time.
const LONGEST_TRY: Duration = Duration::from_mins(3);
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(64);

/// The lease a worker holds on its run; a stale one is refused.
#[derive(Debug, Clone, Copy)]
pub struct Lease<'l> {
    /// The run.
    pub run_id: &'l str,
    /// The lease.
    pub lease_seq: i64,
}

/// Why nothing is sent for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The quota is shared and used up.
    Quota(Duration),
    /// The service could not answer and is asked again.
    Retry(Duration),
}

/// What the caller says about one request.
#[derive(Clone, Copy)]
pub struct Call<'c> {
    /// When an answer is of no use any more.
    pub deadline: DateTime<Utc>,
    /// The lease, when a run asks.
    pub lease: Option<Lease<'c>>,
    /// Is told before every wait.
    pub on_wait: &'c (dyn Fn(Wait) + Send + Sync),
}

impl Call<'_> {
    /// A request that must be answered by `deadline`, without a lease and without a word about waiting.
    pub fn until(deadline: DateTime<Utc>) -> Self {
        Self {
            deadline,
            lease: None,
            on_wait: &|_| {},
        }
    }
}

/// Whether a request may be sent again when nobody knows if it was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Twice does the same as once.
    Harmless,
    /// Twice would do more: it is sent again only when it surely was not heard.
    OnlyUnheard,
}

/// A client of one service with one credential.
pub struct SheetsClient {
    pub(super) base: Url,
    http: reqwest::Client,
    credential: Credential,
    quota: Arc<dyn Quota>,
    surroundings: Arc<dyn Surroundings>,
}

/// A request, ready to be sent.
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Value>,
    pub(super) class: RequestClass,
    pub(super) repeat: Repeat,
}

impl SheetsClient {
    /// A client of the service at `base`. `http` should follow no redirects: they would carry the credential along.
    pub fn new(
        http: reqwest::Client,
        base: Url,
        credential: Credential,
        quota: Arc<dyn Quota>,
        surroundings: Arc<dyn Surroundings>,
    ) -> Self {
        Self {
            base,
            http,
            credential,
            quota,
            surroundings,
        }
    }

    pub(super) async fn send<Answer: DeserializeOwned>(&self, call: Call<'_>, ask: Ask) -> Result<Answer, SheetsError> {
        let mut last = None;
        let mut is_renewed = false;
        let mut failures = 0;
        loop {
            self.take_quota(call, ask.class, &mut last).await?;
            let error = match self.attempt(call, &ask).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // A token may end early; one fresh one is worth a try.
            if matches!(error, SheetsError::Unauthenticated { .. }) && !is_renewed && self.forget_token().await {
                is_renewed = true;
                continue;
            }
            let is_risky = ask.repeat == Repeat::OnlyUnheard && error.may_have_happened();
            if !error.is_passing() || is_risky {
                return Err(error);
            }
            failures += 1;
            let span = error.retry_after().unwrap_or_else(|| self.backoff(failures));
            last = Some(Box::new(error));
            self.wait(call, Wait::Retry(span), &mut last).await?;
        }
    }

    async fn take_quota(
        &self,
        call: Call<'_>,
        class: RequestClass,
        last: &mut Option<Box<SheetsError>>,
    ) -> Result<(), SheetsError> {
        while let Permit::Wait(span) = self.quota.ask(class, self.credential.name()).await {
            self.wait(call, Wait::Quota(span), last).await?;
        }
        Ok(())
    }

    async fn wait(&self, call: Call<'_>, wait: Wait, last: &mut Option<Box<SheetsError>>) -> Result<(), SheetsError> {
        let (Wait::Quota(span) | Wait::Retry(span)) = wait;
        if span >= self.left(call)? {
            return Err(SheetsError::OutOfTime { last: last.take() });
        }
        (call.on_wait)(wait);
        self.surroundings.pause(span).await;
        Ok(())
    }

    /// Full jitter, so that workers which were refused together do not come back together.
    fn backoff(&self, failures: u32) -> Duration {
        let longest = FIRST_BACKOFF
            .saturating_mul(1 << failures.saturating_sub(1).min(10))
            .min(LONGEST_BACKOFF);
        longest.mul_f64(self.surroundings.chance().clamp(0.0, 1.0))
    }

    fn left(&self, call: Call<'_>) -> Result<Duration, SheetsError> {
        let left = (call.deadline - self.surroundings.now()).to_std().unwrap_or_default();
        if left.is_zero() {
            return Err(SheetsError::OutOfTime { last: None });
        }
        Ok(left)
    }

    async fn attempt<Answer: DeserializeOwned>(&self, call: Call<'_>, ask: &Ask) -> Result<Answer, SheetsError> {
        let token = self.token(call).await?;
        let mut request = self
            .http
            .request(ask.method.clone(), ask.url.clone())
            .bearer_auth(token)
            .timeout(self.left(call)?.min(LONGEST_TRY));
        if let Some(lease) = call.lease {
            request = request.header("x-runboard-lease", format!("{}:{}", lease.run_id, lease.lease_seq));
        }
        if let Some(body) = &ask.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(unreachable)?;
        let (status, body) = self.read(response).await?;
        serde_json::from_slice(&body).map_err(|_| SheetsError::NotSheets {
            status: status.as_u16(),
            excerpt: excerpt(&body),
        })
    }

    async fn read(&self, response: Response) -> Result<(StatusCode, Vec<u8>), SheetsError> {
        let status = response.status();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|text| self.span_until(text));
        let body = response.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            return Ok((status, body.into()));
        }
        Err(SheetsError::of(status, retry_after, &body, self.credential.account()))
    }

    /// Seconds, or a date of HTTP.
    fn span_until(&self, text: &str) -> Option<Duration> {
        if let Ok(seconds) = text.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        let at = DateTime::parse_from_rfc2822(text.trim()).ok()?;
        Some((at.to_utc() - self.surroundings.now()).to_std().unwrap_or_default())
    }

    async fn token(&self, call: Call<'_>) -> Result<String, SheetsError> {
        let account = match &self.credential {
            Credential::Bearer { token, .. } => return Ok(token.clone()),
            Credential::ServiceAccount(account) => account,
        };
        let mut held = account.token.lock().await;
        let now = self.surroundings.now();
        if let Some(token) = held.as_ref().filter(|token| token.holds_at(now)) {
            return Ok(token.secret.clone());
        }
        let token = self.grant(call, account, now).await?;
        let secret = token.secret.clone();
        *held = Some(token);
        Ok(secret)
    }

    async fn grant(&self, call: Call<'_>, account: &ServiceAccount, now: DateTime<Utc>) -> Result<Token, SheetsError> {
        let assertion = account.key.assertion(now)?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
            .append_pair("assertion", &assertion)
            .finish();
        let response = self
            .http
            .post(account.key.token_uri.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .timeout(self.left(call)?.min(LONGEST_TRY))
            .body(form)
            .send()
            .await
            .map_err(|source| SheetsError::Unreachable {
                maybe_heard: false,
                source: source.without_url(),
            })?;
        let (status, body) = self.read(response).await.map_err(|error| match error {
            // A grant that is refused stays refused: the key was deleted, or the account was.
            SheetsError::InvalidArgument { message } | SheetsError::PermissionDenied { message, .. } => {
                SheetsError::Unauthenticated { message }
            }
            other => other,
        })?;
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let Some(secret) = told["access_token"].as_str() else {
            return Err(SheetsError::NotSheets {
                status: status.as_u16(),
                excerpt: "the answer holds no access_token".to_owned(),
            });
        };
        let seconds = told["expires_in"].as_i64().unwrap_or(0).clamp(0, 86_400);
        Ok(Token {
            secret: secret.to_owned(),
            ends_at: now + TimeDelta::seconds(seconds),
        })
    }

    /// Whether there was a token that can be fetched anew.
    async fn forget_token(&self) -> bool {
        match &self.credential {
            Credential::Bearer { .. } => false,
            Credential::ServiceAccount(account) => account.token.lock().await.take().is_some(),
        }
    }
}

fn unreachable(source: reqwest::Error) -> SheetsError {
    SheetsError::Unreachable {
        maybe_heard: !source.is_connect(),
        source: source.without_url(),
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quota(span) => write!(f, "waiting for the Sheets quota, {} s", span.as_secs_f64().ceil()),
            Self::Retry(span) => write!(
                f,
                "the spreadsheet service does not answer, trying again in {} s",
                span.as_secs_f64().ceil()
            ),
        }
    }
}

impl fmt::Debug for SheetsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SheetsClient")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}
