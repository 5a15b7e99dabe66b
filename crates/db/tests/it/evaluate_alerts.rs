//! `evaluate_alerts` and the outbox: opened once, kept, resolved, sent until it is accepted.

use crate::world::World;
use chrono::Duration;
use db::alerts::{self, Answer, DueDelivery};
use domain::Role;
use serde_json::json;

async fn look(world: &World) -> (i64, i64) {
    let evaluated = alerts::evaluate(&mut *world.conn().await).await.unwrap();
    (evaluated.opened, evaluated.resolved)
}

async fn channel(world: &World, kinds: serde_json::Value, min_severity: &str) {
    let mut tx = world.person("root", Role::Admin).await;
    sqlx::query("select save_alert_channel($1, 'n', 'c')")
        .bind(json!({"name": format!("{kinds}{min_severity}"), "url": "http://127.0.0.1/hook", "kinds": kinds, "min_severity": min_severity}))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn due(world: &World) -> Vec<DueDelivery> {
    alerts::claim_deliveries(&mut *world.conn().await, 20, &[])
        .await
        .unwrap()
}

async fn open(world: &World) -> String {
    world
        .value("select string_agg(kind || ' ' || key, ', ' order by kind) from alerts where resolved_at is null")
        .await
}

#[tokio::test]
async fn a_lane_that_nobody_serves_is_said_once_and_taken_back() {
    let world = World::new().await;
    channel(&world, json!(null), "info").await;
    world.run(json!({})).await;
    assert_eq!(look(&world).await, (0, 0));
    world.advance(Duration::seconds(61)).await;
    assert_eq!(look(&world).await, (1, 0));
    assert_eq!(look(&world).await, (0, 0));
    assert_eq!(open(&world).await, "no_worker A");
    let worker = world.worker("w1").await;
    world.claim(worker, 1).await;
    assert_eq!(look(&world).await, (0, 1));
    let sent = due(&world).await;
    assert_eq!(
        sent.iter().map(|sent| sent.event.as_str()).collect::<Vec<_>>(),
        ["opened", "resolved"]
    );
    assert_eq!(
        sent[0].body["text"],
        "Critical: Nobody works on lane A: its oldest run has waited for 1 min 1 s. Start a worker that serves lane A, or pause the lane."
    );
}

#[tokio::test]
async fn a_paused_lane_waits_on_purpose() {
    let world = World::new().await;
    world.run(json!({})).await;
    db::queue::pause_lane(&mut *world.conn().await, "A", None)
        .await
        .unwrap();
    world.advance(Duration::hours(1)).await;
    assert_eq!(look(&world).await, (0, 0));
}

#[tokio::test]
async fn a_lane_that_is_behind_is_said() {
    let world = World::new().await;
    world.run(json!({})).await;
    world.advance(Duration::minutes(11)).await;
    world.worker("w1").await;
    look(&world).await;
    assert_eq!(open(&world).await, "queue_age A");
}

#[tokio::test]
async fn failures_of_the_same_work_are_one_alert_until_it_succeeds() {
    let world = World::new().await;
    for _ in 0..3 {
        let run = world.running(json!({})).await;
        world
            .complete(
                &run,
                "failed",
                Some(json!({"code": "step_failed", "message": "It broke"})),
                false,
            )
            .await;
        look(&world).await;
    }
    assert_eq!(open(&world).await, "run_failed test.noop");
    assert_eq!(world.value("select count(*) from alerts").await, "1");
    assert_eq!(
        world.value("select message from alerts").await,
        "test.noop failed for good 3 times in 1 h 0 min; the last time: It broke."
    );
    // The run that opened it says that people were told.
    assert_eq!(
        world
            .value("select count(*) from run_events where kind = 'alert'")
            .await,
        "1"
    );
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(look(&world).await, (0, 1));
}

#[tokio::test]
async fn a_run_that_nobody_recovers_is_stuck() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.advance(Duration::minutes(2)).await;
    look(&world).await;
    assert_eq!(open(&world).await, format!("run_stuck {}", run.run_id));
    world.sweep().await;
    assert_eq!(look(&world).await, (0, 1));
}

#[tokio::test]
async fn many_failures_among_ten_runs_are_said() {
    let world = World::new().await;
    for place in 0..10 {
        let run = world.running(json!({"action": format!("test.n{place}")})).await;
        let status = if place < 5 { "failed" } else { "success" };
        world.complete(&run, status, None, false).await;
    }
    look(&world).await;
    assert_eq!(
        world
            .value("select message from alerts where kind = 'failure_rate'")
            .await,
        "5 of the last 10 runs failed."
    );
}

#[tokio::test]
async fn a_channel_hears_only_what_it_wants() {
    let world = World::new().await;
    channel(&world, json!(["queue_age"]), "info").await;
    channel(&world, json!(null), "critical").await;
    world.run(json!({})).await;
    world.advance(Duration::minutes(11)).await;
    world.worker("w1").await;
    look(&world).await;
    assert_eq!(due(&world).await.len(), 1);
}

#[tokio::test]
async fn of_two_servers_that_look_at_once_one_opens_the_alert() {
    let world = World::new().await;
    channel(&world, json!(null), "info").await;
    world.run(json!({})).await;
    world.advance(Duration::seconds(61)).await;
    let opened: i64 = futures::future::join_all((0..8).map(|_| look(&world)))
        .await
        .iter()
        .map(|(opened, _)| opened)
        .sum();
    assert_eq!(opened, 1);
    assert_eq!(due(&world).await.len(), 1);
}

#[tokio::test]
async fn a_message_is_tried_again_until_it_is_given_up() {
    let world = World::new().await;
    channel(&world, json!(null), "info").await;
    world.run(json!({})).await;
    world.advance(Duration::seconds(61)).await;
    look(&world).await;
    let refused = Answer {
        status: Some(500),
        excerpt: Some("no".to_owned()),
        error: None,
    };
    let mut outcomes = Vec::new();
    for _ in 0..20 {
        for delivery in due(&world).await {
            // While one server has it, no other gets it.
            assert_eq!(due(&world).await.len(), 0);
            outcomes.push(
                alerts::finish_delivery(&mut *world.conn().await, &delivery, &refused)
                    .await
                    .unwrap(),
            );
        }
        world.advance(Duration::minutes(16)).await;
    }
    assert_eq!(
        (outcomes.len(), outcomes[0].as_str(), outcomes[11].as_str()),
        (12, "later", "gave_up")
    );
}

#[tokio::test]
async fn a_server_that_dies_with_a_message_loses_nothing() {
    let world = World::new().await;
    channel(&world, json!(null), "info").await;
    world.run(json!({})).await;
    world.advance(Duration::seconds(61)).await;
    look(&world).await;
    let first = due(&world).await.remove(0);
    world.advance(Duration::seconds(61)).await;
    let second = due(&world).await.remove(0);
    let accepted = Answer {
        status: Some(204),
        ..Answer::default()
    };
    let mut conn = world.conn().await;
    assert_eq!(
        alerts::finish_delivery(&mut conn, &first, &accepted).await.unwrap(),
        "lost"
    );
    assert_eq!(
        alerts::finish_delivery(&mut conn, &second, &accepted).await.unwrap(),
        "delivered"
    );
    assert_eq!((first.delivery_id, due(&world).await.len()), (second.delivery_id, 0));
}

#[tokio::test]
async fn a_run_that_becomes_due_when_all_workers_are_gone_is_missed() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    let due = world
        .value("select to_jsonb(runboard_internal.clock() + interval '1 minute') #>> '{}'")
        .await;
    world.run(json!({"run_after": due})).await;
    world.advance(Duration::minutes(3)).await;
    world.sweep().await;
    look(&world).await;
    assert_eq!(open(&world).await, "no_worker A");
}
