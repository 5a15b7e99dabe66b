//! The way to a server over HTTP, with bounded answers: the client of the SDK reads a body whole, however large.

use bytes::Bytes;
use futures::{Stream, StreamExt, future, stream::BoxStream};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use reqwest::{Client, Response};
use rmcp::{
    ErrorData,
    model::{ClientJsonRpcMessage, ClientRequest, RequestId, ServerJsonRpcMessage},
    transport::streamable_http_client::{
        AuthRequiredError, HttpStatusError, SseError, StreamableHttpClient, StreamableHttpError,
        StreamableHttpPostResponse,
    },
};
use sse_stream::{Sse, SseStream};
use std::{borrow::Cow, collections::HashMap, io, sync::Arc};

/// Largest answer, in bytes: a body, or all events of a stream.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;
/// As much of a refusal as is shown.
const SHOWN_OF_REFUSAL: usize = 500;

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");

/// What goes wrong on the way.
type Broken = StreamableHttpError<reqwest::Error>;

/// Sends the messages of a call.
#[derive(Debug, Clone)]
pub(super) struct BoundedClient(pub(super) Client);

impl StreamableHttpClient for BoundedClient {
    type Error = reqwest::Error;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Broken> {
        let mut headers: HeaderMap = custom_headers.into_iter().collect();
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
        if let Some(session) = &session_id {
            let session = HeaderValue::try_from(session.as_ref()).map_err(|_| unexpected("its session has no name"))?;
            headers.insert(SESSION, session);
        }
        let mut request = self.0.post(uri.as_ref()).headers(headers);
        if let Some(token) = auth_header {
            request = request.bearer_auth(token);
        }
        let response = request.json(&message).send().await?;
        read(response, &message, session_id.is_some()).await
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session_id: Arc<str>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), Broken> {
        self.0
            .delete_session(uri, session_id, auth_header, custom_headers)
            .await
    }

    /// The stream of what a server says by itself; the SDK bounds each event.
    async fn get_stream(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Broken> {
        self.0
            .get_stream(uri, session_id, last_event_id, auth_header, custom_headers)
            .await
    }
}

async fn read(
    response: Response,
    message: &ClientJsonRpcMessage,
    in_session: bool,
) -> Result<StreamableHttpPostResponse, Broken> {
    let (status, headers) = (response.status(), response.headers().clone());
    let text_of = |name: &HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    if let (StatusCode::UNAUTHORIZED, Some(asks)) = (status, text_of(&WWW_AUTHENTICATE)) {
        return Err(Broken::AuthRequired(AuthRequiredError::new(asks)));
    }
    if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
        return Ok(StreamableHttpPostResponse::Accepted);
    }
    if status == StatusCode::NOT_FOUND && in_session {
        return Err(Broken::SessionExpired);
    }
    let kind = text_of(&CONTENT_TYPE).unwrap_or_default();
    let (is_json, is_stream) = (kind.starts_with(JSON), kind.starts_with(EVENTS));
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        // A server that fails may still say why.
        let told = if is_json && status.is_server_error() {
            error_in(&whole(response).await?)
        } else {
            None
        };
        let failed = HttpStatusError::new(status.as_u16(), text_of(&RETRY_AFTER));
        return told
            .map(|told| StreamableHttpPostResponse::Json(told, None))
            .ok_or_else(|| failed.into());
    }
    let session = text_of(&SESSION);
    let awaits_answer = matches!(message, ClientJsonRpcMessage::Request(_));
    if !status.is_success() {
        let body = whole(response).await?;
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(refusal(status, &body));
        }
        if let (Some(request), false) = (discovery(message), in_session) {
            return Ok(StreamableHttpPostResponse::Json(
                not_discovered(request, status, &body),
                None,
            ));
        }
        return match error_in(&body) {
            Some(told) if is_json => Ok(StreamableHttpPostResponse::Json(told, session)),
            _ => Err(refusal(status, &body)),
        };
    }
    if is_stream {
        return Ok(StreamableHttpPostResponse::Sse(
            events(response.bytes_stream()),
            session,
        ));
    }
    if !awaits_answer && (response.content_length() == Some(0) || !is_json) {
        return Ok(StreamableHttpPostResponse::Accepted);
    }
    if !is_json {
        return Err(Broken::UnexpectedContentType(Some(kind)));
    }
    match serde_json::from_slice(&whole(response).await?) {
        Ok(answer) => Ok(StreamableHttpPostResponse::Json(answer, session)),
        // Nobody waits for an answer to it.
        Err(_) if !awaits_answer => Ok(StreamableHttpPostResponse::Accepted),
        Err(error) => Err(unexpected(format!("its answer cannot be read: {error}"))),
    }
}

/// The id of a request to discover what the server speaks.
fn discovery(message: &ClientJsonRpcMessage) -> Option<&RequestId> {
    let ClientJsonRpcMessage::Request(request) = message else {
        return None;
    };
    matches!(request.request, ClientRequest::DiscoverRequest(_)).then_some(&request.id)
}

/// A server of an older protocol refuses to be discovered; the SDK wants to hear it as an answer.
fn not_discovered(request: &RequestId, status: StatusCode, body: &[u8]) -> ServerJsonRpcMessage {
    let error = match error_in(body) {
        Some(ServerJsonRpcMessage::Error(told)) => told.error,
        _ => ErrorData::invalid_request(format!("HTTP {status}: {}", beginning(body)), None),
    };
    ServerJsonRpcMessage::error(error, Some(request.clone()))
}

fn refusal(status: StatusCode, body: &[u8]) -> Broken {
    unexpected(format!("HTTP {status}: {}", beginning(body)))
}

fn beginning(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&body[..body.len().min(SHOWN_OF_REFUSAL)])
}

fn error_in(body: &[u8]) -> Option<ServerJsonRpcMessage> {
    let message = serde_json::from_slice(body).ok()?;
    matches!(message, ServerJsonRpcMessage::Error(_)).then_some(message)
}

/// A body of at most [`LARGEST_ANSWER`] bytes.
async fn whole(response: Response) -> Result<Vec<u8>, Broken> {
    let mut bytes = Vec::new();
    let mut parts = response.bytes_stream();
    while let Some(part) = parts.next().await {
        let part = part?;
        if bytes.len() + part.len() > LARGEST_ANSWER {
            return Err(unexpected(too_large()));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// The events of an answer, of at most [`LARGEST_ANSWER`] bytes in all.
fn events(
    parts: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static,
) -> BoxStream<'static, Result<Sse, SseError>> {
    let mut size = 0;
    let bounded = parts.map(move |part| {
        let part = part.map_err(io::Error::other)?;
        size += part.len();
        if size > LARGEST_ANSWER {
            return Err(io::Error::other(too_large()));
        }
        Ok(part)
    });
    // After the first error nothing more is read.
    let bounded = bounded.scan(false, |failed, part| {
        let over = std::mem::replace(failed, part.is_err());
        future::ready((!over).then_some(part))
    });
    SseStream::from_bytes_stream(bounded).boxed()
}

fn too_large() -> String {
    format!("its answer has more than {} MiB", LARGEST_ANSWER / (1024 * 1024))
}

fn unexpected(why: impl Into<Cow<'static, str>>) -> Broken {
    Broken::UnexpectedServerResponse(why.into())
}
