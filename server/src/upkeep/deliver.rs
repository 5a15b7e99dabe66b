//! Sends messages to webhooks: signed, bounded in time and size, never following a redirect.

use crate::error::chain;
use chrono::{DateTime, Utc};
use db::DbError;
use futures::StreamExt;
use reqwest::{Client, redirect::Policy};
use runs::{
    Services,
    alerts::{self, Answer, DueDelivery, SIGNATURE_HEADER, channels},
    network::NetworkPolicy,
};
use std::{collections::HashMap, net::SocketAddr, time::Duration};
use tokio::{
    task::{Id, JoinSet},
    time::timeout,
};
use url::Url;
use uuid::Uuid;

/// A webhook that needs longer is down.
const PATIENCE: Duration = Duration::from_secs(10);
/// Messages that are taken at once.
const AT_ONCE: i32 = 20;
/// Messages on their way at once, and those of one channel.
const MOST_AWAY: usize = 100;
const MOST_OF_ONE: usize = 4;
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
    runs::network::choose_crypto();
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

/// Messages on their way: each goes alone, so that a receiver that hangs holds up nobody else.
#[derive(Debug, Default)]
pub(super) struct Away {
    tasks: JoinSet<()>,
    channels: HashMap<Id, Uuid>,
}

impl Away {
    /// Sends what the outbox holds for channels that have not enough on their way; true when there may be more.
    pub(super) async fn send_next(&mut self, services: &Services, network: &NetworkPolicy) -> Result<bool, DbError> {
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.channels
                .remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
        }
        if self.tasks.len() >= MOST_AWAY {
            return Ok(false);
        }
        let mut counts: HashMap<Uuid, usize> = HashMap::new();
        for channel in self.channels.values() {
            *counts.entry(*channel).or_default() += 1;
        }
        counts.retain(|_, count| *count >= MOST_OF_ONE);
        let busy: Vec<Uuid> = counts.into_keys().collect();
        let mut conn = services.pool().acquire().await?;
        let due = alerts::claim_deliveries(&mut conn, AT_ONCE, &busy).await?;
        drop(conn);
        let is_more = !due.is_empty();
        for delivery in due {
            let channel = delivery.target.channel_id;
            let task = self.tasks.spawn(carry(services.clone(), network.clone(), delivery));
            self.channels.insert(task.id(), channel);
        }
        Ok(is_more)
    }

    /// Waits for what is on its way.
    pub(super) async fn arrive(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Sends one message and notes what came of it.
async fn carry(services: Services, network: NetworkPolicy, delivery: DueDelivery) {
    let answer = deliver(&services, &network, &delivery).await;
    let noted = async {
        let mut conn = services.pool().acquire().await?;
        alerts::finish_delivery(&mut conn, &delivery, &answer).await
    };
    match noted.await {
        Ok(outcome) if outcome == "gave_up" => {
            let channel = delivery.target.channel_id;
            tracing::warn!(channel.id = %channel, "A webhook did not accept a message; it was given up.");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!("What came of a message could not be noted: {}", chain(&error)),
    }
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
