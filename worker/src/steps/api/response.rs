//! From a response to what later steps may read, or to an error that says what to do.

use super::request::Call;
use crate::{
    runner::LARGEST_OUTPUT,
    steps::{
        StepContext, StepError, artifacts,
        network::{self, unreachable},
    },
};
use domain::JsonMeasure;
use futures::StreamExt;
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, ETAG, LAST_MODIFIED, LOCATION, RETRY_AFTER},
};
use reqwest::Response;
use serde_json::{Map, Value, json};
use std::time::Instant;

/// Largest body that is kept, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// Reads what came, and decides whether it is a success.
pub(super) async fn read(
    response: Response,
    call: &Call,
    step: &StepContext<'_>,
    began: Instant,
) -> Result<Value, StepError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = Body::read(response)
        .await
        .map_err(|error| unreachable(&error, &call.url))?;
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let kind = media_type(&headers);
    let line = format!(
        "{status} in {duration_ms} ms, {}{} bytes, {kind}",
        if body.is_cut { "more than " } else { "" },
        body.bytes.len()
    );
    step.log.say(&line).await;

    if let Some(name) = &call.save_response_as {
        save(name, &body, step).await;
    }
    if !call.expects(status) {
        return Err(unexpected(status, &headers, call));
    }
    let output = |(body, is_cut): (Value, bool)| {
        json!({
            "status": status.as_u16(),
            "headers": shown(&headers),
            "body": body,
            "truncated": is_cut,
            "duration_ms": duration_ms,
        })
    };
    let around = JsonMeasure::of(&output((Value::Null, false))).bytes();
    Ok(output(body.value(&kind, LARGEST_OUTPUT.saturating_sub(around))))
}

/// A body, at most as much of it as is kept.
struct Body {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Body {
    async fn read(response: Response) -> reqwest::Result<Self> {
        let mut body = Self {
            bytes: Vec::new(),
            is_cut: false,
        };
        let mut stream = response.bytes_stream();
        while let Some(part) = stream.next().await {
            let part = part?;
            let room = LARGEST_BODY - body.bytes.len();
            body.bytes.extend_from_slice(&part[..part.len().min(room)]);
            if part.len() > room {
                body.is_cut = true;
                break;
            }
        }
        Ok(body)
    }

    /// JSON where the other side says so and it can be kept whole, else text; null for what is no text. Says
    /// too whether something is left out, so that it takes no more than `room` bytes as JSON.
    fn value(&self, kind: &str, room: usize) -> (Value, bool) {
        if (kind.ends_with("/json") || kind.ends_with("+json"))
            && let Ok(value) = serde_json::from_slice(&self.bytes)
        {
            let measure = JsonMeasure::of(&value);
            if measure.bytes() <= room && !measure.is_too_deep() {
                return (value, self.is_cut);
            }
        }
        let text = match std::str::from_utf8(&self.bytes) {
            Ok(text) => text,
            // The cut may go through a character.
            Err(error) if self.is_cut && error.error_len().is_none() => {
                std::str::from_utf8(&self.bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return (Value::Null, self.is_cut),
        };
        let kept = beginning(text, room);
        (Value::from(kept), self.is_cut || kept.len() < text.len())
    }
}

/// As much of `text` as takes no more than `room` bytes as JSON.
fn beginning(text: &str, room: usize) -> &str {
    let mut taken = 2;
    for (place, character) in text.char_indices() {
        taken += match character {
            '"' | '\\' | '\n' | '\r' | '\t' | '\x08' | '\x0c' => 2,
            '\0'..' ' => 6,
            other => other.len_utf8(),
        };
        if taken > room {
            return &text[..place];
        }
    }
    text
}

async fn save(name: &str, body: &Body, step: &StepContext<'_>) {
    if body.is_cut {
        let text = format!("{name} has more than {} KiB, so it is left out.", LARGEST_BODY / 1024);
        return step.log.say(&text).await;
    }
    // Only a name: artifacts have no directories of the caller's choice.
    let name = name
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
        .unwrap_or("response");
    step.leave(artifacts::file_of(name.to_owned(), body.bytes.clone()))
        .await;
}

fn unexpected(status: StatusCode, headers: &HeaderMap, call: &Call) -> StepError {
    let message = format!("{} {} answered {status}", call.method, network::shown(&call.url));
    let hint = match status.as_u16() {
        401 | 403 => "The other side wants other credentials: check the headers and the secret they use.".to_owned(),
        404 | 410 => "There is nothing at this address: check its path.".to_owned(),
        429 => match headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()) {
            Some(wait) => format!("The other side asks to wait ({wait}); give the step retry with a longer backoff."),
            None => "The other side asks to slow down; give the step retry with a longer backoff.".to_owned(),
        },
        300..=399 => "It leads elsewhere: ask there, or set follow_redirects.".to_owned(),
        500..=599 => "The other side failed: look at its log, or give the step retry.".to_owned(),
        200..=299 => "Name this status in expect_status if it means success.".to_owned(),
        _ => "The other side refuses the request as it is: compare it with what its manual asks.".to_owned(),
    };
    let error = StepError::words("unexpected_status", message).hint(hint);
    if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
        error.retryable()
    } else {
        error
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value
        .and_then(|value| value.split(';').next())
        .unwrap_or("no media type");
    kind.trim().to_ascii_lowercase()
}

/// The headers that later steps may want, and no cookies.
fn shown(headers: &HeaderMap) -> Map<String, Value> {
    [
        CONTENT_TYPE,
        CONTENT_LENGTH,
        DATE,
        ETAG,
        LAST_MODIFIED,
        LOCATION,
        RETRY_AFTER,
    ]
    .into_iter()
    .filter_map(|name| {
        let value = headers.get(&name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), Value::from(value)))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(bytes: &[u8], kind: &str, room: usize) -> (Value, bool) {
        let bytes = bytes.to_vec();
        Body { bytes, is_cut: false }.value(kind, room)
    }

    #[test]
    fn json_that_cannot_be_kept_whole_is_text() {
        assert_eq!(value(b"[1]", "application/json", 100), (json!([1]), false));
        assert_eq!(value(b"[1,2,3,4,5]", "application/json", 8), (json!("[1,2,3"), true));
        let deep = format!("{}{}", "[".repeat(127), "]".repeat(127));
        assert_eq!(value(deep.as_bytes(), "application/json", 1000), (json!(deep), false));
    }

    #[test]
    fn a_text_is_cut_to_its_room_as_json() {
        let text = "a\u{1}\"\n\\é\u{7f}\u{0}".repeat(10);
        for room in 2..400 {
            let kept = beginning(&text, room);
            assert!(JsonMeasure::of(&kept).bytes() <= room);
            assert!(kept.len() == text.len() || JsonMeasure::of(&kept).bytes() + 6 > room);
        }
    }
}
