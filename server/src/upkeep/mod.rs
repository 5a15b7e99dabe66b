//! What a server does on its own, again and again: the tick of the schedules, the look at what is wrong, the
//! messages to webhooks, the end of bulk operations, the count of what has ended.
//!
//! Every server of an installation does all of it. Postgres sees to it that each thing happens once, so no
//! server is the first among them and any of them may stop at any moment.

mod deliver;

use crate::error::chain;
use runs::{Services, alerts, bulk, network::NetworkPolicy, schedules};
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A time of a cron is a minute; who looks once a second is never late.
const TICK: Duration = Duration::from_secs(1);
/// What is wrong for less than this is nobody's business.
const LOOK: Duration = Duration::from_secs(5);
/// Messages are not urgent to the second; a full outbox is emptied without a pause.
const SEND: Duration = Duration::from_secs(1);

/// The rounds of a server.
pub(crate) struct Upkeep {
    tracker: TaskTracker,
    ended: CancellationToken,
}

impl Upkeep {
    /// Resolves when any of the rounds is over, in order or not.
    pub(crate) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Resolves when all of them are.
    pub(crate) async fn wait(&self) {
        self.tracker.wait().await;
    }
}

/// Starts the rounds; they end with `stop`.
pub(crate) fn start(services: &Services, network: &NetworkPolicy, stop: &CancellationToken) -> Upkeep {
    let (tracker, ended) = (TaskTracker::new(), CancellationToken::new());
    tracker.spawn(watched(tick_schedules(services.clone(), stop.clone()), &ended));
    tracker.spawn(watched(look_for_alerts(services.clone(), stop.clone()), &ended));
    tracker.spawn(watched(
        send_messages(services.clone(), network.clone(), stop.clone()),
        &ended,
    ));
    tracker.close();
    Upkeep { tracker, ended }
}

/// Says that a task is over even when it panics.
fn watched<F: Future>(task: F, ended: &CancellationToken) -> impl Future<Output = F::Output> + use<F> {
    let over = ended.clone().drop_guard();
    async move {
        let _over = over;
        task.await
    }
}

async fn tick_schedules(services: Services, stop: CancellationToken) {
    let mut rounds = rounds(TICK);
    while next(&mut rounds, &stop).await {
        match schedules::tick(services.pool()).await {
            Ok(ticked) => {
                for run_id in ticked.run_ids {
                    tracing::info!(run.id = %run_id, "A schedule has started a run.");
                }
                for reason in ticked.held_back {
                    tracing::info!("A schedule started nothing: {reason}");
                }
            }
            Err(error) => tracing::warn!("The schedules could not be looked at: {}", chain(&error)),
        }
    }
}

async fn look_for_alerts(services: Services, stop: CancellationToken) {
    let mut rounds = rounds(LOOK);
    while next(&mut rounds, &stop).await {
        if let Err(error) = look(&services).await {
            tracing::warn!("The alerts could not be looked at: {}", chain(&error));
        }
    }
}

async fn look(services: &Services) -> db::Result<()> {
    let mut conn = services.pool().acquire().await?;
    bulk::settle(&mut conn).await?;
    db::health::count_ended_runs(&mut conn).await?;
    let evaluated = alerts::evaluate(&mut conn).await?;
    if evaluated.opened + evaluated.resolved > 0 {
        tracing::info!(
            alerts.opened = evaluated.opened,
            alerts.resolved = evaluated.resolved,
            "Alerts have changed."
        );
    }
    Ok(())
}

async fn send_messages(services: Services, network: NetworkPolicy, stop: CancellationToken) {
    let mut rounds = rounds(SEND);
    let mut away = deliver::Away::default();
    while next(&mut rounds, &stop).await {
        match away.send_next(&services, &network).await {
            Ok(true) => rounds.reset_immediately(),
            Ok(false) => {}
            Err(error) => tracing::warn!("The outbox could not be read: {}", chain(&error)),
        }
    }
    away.arrive().await;
}

/// Rounds that do not hurry to make up for those that took too long.
fn rounds(period: Duration) -> Interval {
    let mut rounds = interval(period);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    rounds
}

/// Waits for the next round; false when there is none.
async fn next(rounds: &mut Interval, stop: &CancellationToken) -> bool {
    tokio::select! {
        biased;
        () = stop.cancelled() => false,
        _ = rounds.tick() => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_round_that_panics_is_noticed() {
        let ended = CancellationToken::new();
        let task = tokio::spawn(watched(async { std::panic::panic_any("on purpose") }, &ended));
        assert!(task.await.is_err());
        assert!(ended.is_cancelled());
    }
}
