//! Sends messages to webhooks: signed, bounded in time and size, never following a redirect.

use crate::error::chain;
use chrono::{DateTime, Utc};
use db::DbError;
use futures::{StreamExt, future::join_all};
use reqwest::{Client, redirect::Policy};
use runs::{
    Services,
    alerts::{self, Answer, DueDelivery, SIGNATURE_HEADER, channels},
};
use std::time::Duration;

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

/// The client that sends; `None` when this machine has no TLS to offer.
pub(crate) fn client() -> Option<Client> {
    // A process that already chose a provider keeps it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .user_agent(concat!("runboard/", env!("CARGO_PKG_VERSION")))
        .build()
        .ok()
}

/// Sends one message and says what came back.
pub(crate) async fn send(client: &Client, letter: Letter<'_>) -> Answer {
    let bytes = letter.body.to_string().into_bytes();
    let signature = alerts::sign(letter.secret, letter.at, &bytes);
    let request = client
        .post(letter.url)
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
        Err(error) => Answer {
            error: Some(chain(&error.without_url())),
            ..Answer::default()
        },
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
pub(super) async fn round(services: &Services, client: &Client) -> Result<bool, DbError> {
    let mut conn = services.pool().acquire().await?;
    let due = alerts::claim_deliveries(&mut conn, AT_ONCE).await?;
    drop(conn);
    let is_full = due.len() == AT_ONCE as usize;
    let answers = join_all(due.iter().map(|delivery| deliver(services, client, delivery))).await;
    let mut conn = services.pool().acquire().await?;
    for (delivery, answer) in due.iter().zip(answers) {
        let outcome = alerts::finish_delivery(&mut conn, delivery, &answer).await?;
        if outcome == "gave_up" {
            let channel = delivery.target.channel_id;
            tracing::warn!(channel.id = %channel, "A webhook did not accept a message; it was given up.");
        }
    }
    Ok(is_full)
}

async fn deliver(services: &Services, client: &Client, delivery: &DueDelivery) -> Answer {
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
            send(client, letter).await
        }
        Err(error) => Answer {
            error: Some(chain(&error)),
            ..Answer::default()
        },
    }
}
