//! From `with` of an api step to a request.

use crate::steps::{StepContext, StepError};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{CONTENT_TYPE, Entry},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

/// `with` of an api step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    url: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    query: Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    json: Option<Value>,
    #[serde(default)]
    expect_status: Option<Value>,
    #[serde(default)]
    follow_redirects: bool,
    #[serde(default)]
    save_response_as: Option<String>,
    #[serde(default)]
    callback: Option<Callback>,
}

/// The answer is not the end: the other side says later how it went.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Callback {
    #[serde(default)]
    pub(super) timeout_seconds: Option<f64>,
}

/// One request, ready to be sent.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<String>,
    pub(super) follow_redirects: bool,
    pub(super) save_response_as: Option<String>,
    pub(super) callback: Option<Callback>,
    expected: Option<Vec<u16>>,
}

impl Call {
    pub(super) fn new(step: &StepContext<'_>) -> Result<Self, StepError> {
        let with: With = step.with_as()?;
        let method = with.method.as_deref().unwrap_or("GET").to_ascii_uppercase();
        let mut url: Url = with
            .url
            .trim()
            .parse()
            .map_err(|error| invalid(format!("{:?} is no address: {error}", with.url)))?;
        if !with.query.is_empty() {
            let query = with.query.iter().map(|(name, value)| (name, text(value)));
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &with.headers {
            let wrong = || invalid(format!("the header {name} cannot be sent"));
            let value = HeaderValue::try_from(text(value)).map_err(|_| wrong())?;
            headers.insert(HeaderName::try_from(name.as_str()).map_err(|_| wrong())?, value);
        }
        let body = match (&with.json, &with.body) {
            (Some(json), _) => {
                unless_given(&mut headers, CONTENT_TYPE, "application/json");
                Some(json.to_string())
            }
            (None, body) => body.as_ref().map(text),
        };
        // The other side can tell a repetition from a second request, and a zombie from its successor.
        unless_given(
            &mut headers,
            HeaderName::from_static("idempotency-key"),
            &step.idempotency_key(),
        );
        headers.insert("x-runboard-run", ascii(step.run_id));
        headers.insert("x-runboard-lease", HeaderValue::from(step.lease_seq));
        Ok(Self {
            method: Method::try_from(method.as_str()).map_err(|_| invalid(format!("{method:?} is no HTTP method")))?,
            url,
            headers,
            body,
            follow_redirects: with.follow_redirects,
            save_response_as: with.save_response_as,
            callback: with.callback,
            expected: with.expect_status.as_ref().map(statuses).transpose()?,
        })
    }

    /// Whether `status` means success.
    pub(super) fn expects(&self, status: StatusCode) -> bool {
        match &self.expected {
            Some(expected) => expected.contains(&status.as_u16()),
            None => status.is_success(),
        }
    }
}

fn unless_given(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Entry::Vacant(free) = headers.entry(name) {
        free.insert(ascii(value));
    }
}

fn ascii(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("invalid"))
}

fn statuses(value: &Value) -> Result<Vec<u16>, StepError> {
    let one = |value: &Value| {
        value
            .as_u64()
            .or_else(|| value.as_str()?.trim().parse().ok())
            .and_then(|status| u16::try_from(status).ok())
            .ok_or_else(|| invalid(format!("expect_status: {value} is no status")))
    };
    match value {
        Value::Array(values) => values.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn invalid(message: String) -> StepError {
    StepError::words("invalid_input", message).hint("Look at with in the template and at the parameters of the run.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::agreement::agrees;

    #[test]
    fn with_has_the_fields_of_the_published_schema() {
        agrees::<With>("api");
    }
}
