//! Sends a message to a webhook: signed, bounded in time and size, never following a redirect.

use super::{Answer, SIGNATURE_HEADER, sign};
use crate::network::{NetworkPolicy, choose_crypto};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use reqwest::{Client, redirect::Policy};
use std::{error::Error, net::SocketAddr, time::Duration};
use tokio::time::timeout;
use url::Url;

/// A webhook that needs longer is down.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are kept.
const EXCERPT: usize = 500;

/// One message, ready to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Where to.
    pub url: &'a str,
    /// What signs it.
    pub secret: &'a str,
    /// opened, resolved or test.
    pub event: &'a str,
    /// The same at every try.
    pub delivery: &'a str,
    /// What is sent.
    pub body: &'a serde_json::Value,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Sends one message, if its webhook may be reached, and says what came back.
pub async fn send(network: &NetworkPolicy, letter: Letter<'_>) -> Answer {
    let failed = |error| Answer {
        error: Some(error),
        ..Answer::default()
    };
    let Ok(url) = letter.url.parse::<Url>() else {
        return failed("the webhook has no address of the web".to_owned());
    };
    let addresses = match timeout(PATIENCE, network.resolve(&url)).await {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(error)) => return failed(chain(&error)),
        Err(_) => return failed("the name of the webhook was not resolved in time".to_owned()),
    };
    let client = match client(&url, &addresses) {
        Ok(client) => client,
        Err(error) => return failed(chain(&error.without_url())),
    };
    let bytes = letter.body.to_string().into_bytes();
    let signature = sign(letter.secret, letter.at, &bytes);
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header(SIGNATURE_HEADER, signature)
        .header("x-runboard-event", letter.event)
        .header("x-runboard-delivery", letter.delivery)
        .body(bytes);
    match request.send().await {
        Ok(response) => Answer {
            status: Some(i32::from(response.status().as_u16())),
            excerpt: Some(excerpt(response).await),
            error: None,
        },
        // The address is left out of the words: it may carry a token.
        Err(error) => failed(chain(&error.without_url())),
    }
}

/// A client that reaches one webhook, at addresses that were judged. A proxy of this machine would resolve
/// the name once more, and reach what we may not.
fn client(url: &Url, addresses: &[SocketAddr]) -> reqwest::Result<Client> {
    choose_crypto();
    Client::builder()
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .no_proxy()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .user_agent(concat!("runboard/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// The beginning of an answer; a webhook that talks without end is not listened to.
async fn excerpt(response: reqwest::Response) -> String {
    let mut kept = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(Ok(chunk)) = stream.next().await {
        kept.extend_from_slice(&chunk[..chunk.len().min(EXCERPT - kept.len())]);
        if kept.len() >= EXCERPT {
            break;
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// An error with its causes, in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
