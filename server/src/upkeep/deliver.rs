//! Carries what the outbox holds to the webhooks.

use crate::error::chain;
use db::DbError;
use runs::{
    Services,
    alerts::{self, Answer, DueDelivery, Letter, channels},
    network::NetworkPolicy,
};
use std::collections::HashMap;
use tokio::task::{Id, JoinSet};
use uuid::Uuid;

/// Messages that are taken at once.
const AT_ONCE: i32 = 20;
/// Messages on their way at once, and those of one channel.
const MOST_AWAY: usize = 100;
const MOST_OF_ONE: usize = 4;

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
            alerts::send(network, letter).await
        }
        Err(error) => Answer {
            error: Some(chain(&error)),
            ..Answer::default()
        },
    }
}
