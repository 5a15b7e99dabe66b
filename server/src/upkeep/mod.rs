//! What a server does on its own, again and again: the tick of the schedules, the look at what is wrong, the
//! messages to webhooks, the end of bulk operations.
//!
//! Every server of an installation does all of it. Postgres sees to it that each thing happens once, so no
//! server is the first among them and any of them may stop at any moment.

pub(crate) mod deliver;

use crate::error::chain;
use runs::{Services, alerts, bulk, schedules};
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A time of a cron is a minute; who looks once a second is never late.
const TICK: Duration = Duration::from_secs(1);
/// What is wrong for less than this is nobody's business.
const LOOK: Duration = Duration::from_secs(5);
/// Messages are not urgent to the second; a full outbox is emptied without a pause.
const SEND: Duration = Duration::from_secs(1);

/// Starts the rounds; they end with `stop`.
pub(crate) fn start(services: &Services, stop: &CancellationToken) -> TaskTracker {
    let tracker = TaskTracker::new();
    tracker.spawn(tick_schedules(services.clone(), stop.clone()));
    tracker.spawn(look_for_alerts(services.clone(), stop.clone()));
    tracker.spawn(send_messages(services.clone(), stop.clone()));
    tracker.close();
    tracker
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

async fn send_messages(services: Services, stop: CancellationToken) {
    let Some(client) = deliver::client() else {
        tracing::error!("There is no HTTP client: no webhook will hear of anything.");
        return;
    };
    let mut rounds = rounds(SEND);
    while next(&mut rounds, &stop).await {
        match deliver::round(&services, &client).await {
            Ok(true) => rounds.reset_immediately(),
            Ok(false) => {}
            Err(error) => tracing::warn!("The outbox could not be read: {}", chain(&error)),
        }
    }
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
