//! Sends messages to webhooks: signed, bounded in time and size, never following a redirect.

use crate::error::chain;
use chrono::{DateTime, Utc};
use db::DbError;
use futures::{StreamExt, future::join_all};
use reqwest::{Client, redirect::Policy};
use runs::{
    Services,
    alerts::{self, Answer, DueDelivery, SIGNATURE_HEADER, channels},
    network::NetworkPolicy,
};
use std::{net::SocketAddr, time::Duration};
use tokio::time::timeout;
use url::Url;

/// A webhook that needs longer is down.
const PATIENCE: Duration = Duration::from_secs(10);
/// Messages one round sends.
const AT_ONCE: i32 = 20;
/// Bytes of an answer that are kept.
const EXCERPT: usize = 500;

/// One message, ready to be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letter<'a> {
    /// Where to.
    pub(crate) url: &'a str,
    /// What signs it.
    pub(crate) secret: &'a str,
    /// opened, resolved or test.
    pub(crate) event: &'a str,
    /// The same at every try.
    pub(crate) delivery: &'a str,
    /// What is sent.
    pub(crate) body: &'a serde_json::Value,
    /// Now.
    pub(crate) at: DateTime<Utc>,
}

/// A client that reaches one webhook, at addresses that were judged. A proxy of this machine would resolve
/// the name once more, and reach what we may not.
fn client(url: &Url, addresses: &[SocketAddr]) -> reqwest::Result<Client> {
    // A process that already chose a provider keeps it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .no_proxy()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .user_agent(concat!("runboard/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Sends one message, if its webhook may be reached, and says what came back.
pub(crate) async fn send(network: &NetworkPolicy, letter: Letter<'_>) -> Answer {
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
    let signature = alerts::sign(letter.secret, letter.at, &bytes);
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

/// Sends what the outbox holds; true when there may be more.
pub(super) async fn round(services: &Services, network: &NetworkPolicy) -> Result<bool, DbError> {
    let mut conn = services.pool().acquire().await?;
    let due = alerts::claim_deliveries(&mut conn, AT_ONCE).await?;
    drop(conn);
    let is_full = due.len() == AT_ONCE as usize;
    let answers = join_all(due.iter().map(|delivery| deliver(services, network, delivery))).await;
    let mut conn = services.pool().acquire().await?;
    for (delivery, answer) in due.iter().zip(answers) {
        let channel = delivery.target.channel_id;
        match alerts::finish_delivery(&mut conn, delivery, &answer).await {
            Ok(outcome) if outcome == "gave_up" => {
                tracing::warn!(channel.id = %channel, "A webhook did not accept a message; it was given up.");
            }
            Ok(_) => {}
            // What became of the others is noted all the same, or they would be sent again.
            Err(error) => {
                tracing::warn!(channel.id = %channel, "What a webhook answered could not be noted: {}", chain(&error));
            }
        }
    }
    Ok(is_full)
}

async fn deliver(services: &Services, network: &NetworkPolicy, delivery: &DueDelivery) -> Answer {
    match channels::secret(services.key(), &delivery.target) {
        Ok(secret) => {
            let letter = Letter {
                url: &delivery.target.url,
                secret: &secret,
                event: &delivery.event,
                delivery: &delivery.delivery_id.to_string(),
                body: &delivery.body,
                at: services.now(),
            };
            send(network, letter).await
        }
        Err(error) => Answer {
            error: Some(chain(&error)),
            ..Answer::default()
        },
    }
}
