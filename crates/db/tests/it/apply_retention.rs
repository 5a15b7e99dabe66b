//! `save_retention`, `apply_retention`: old days are dropped, old runs deleted, open runs never touched.

use crate::world::{World, refusal};
use chrono::Duration;
use db::retention;
use domain::Role;
use serde_json::json;

async fn keep(world: &World, days: serde_json::Value) -> Result<(), db::DbError> {
    let mut tx = world.person("root", Role::Admin).await;
    retention::save(&mut tx, &days).await?;
    tx.commit().await.unwrap();
    Ok(())
}

/// Applies one kind until nothing is left; answers how much went.
async fn apply(world: &World, kind: &str) -> i64 {
    let mut removed = 0;
    for _ in 0..50 {
        let step = retention::apply(&mut *world.conn().await, kind, 10).await.unwrap();
        removed += step.removed;
        if !step.more {
            return removed;
        }
    }
    panic!("the {kind} never end");
}

/// A run that ended, and one that is still queued.
async fn ended_and_open(world: &World) -> (String, String) {
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    let open = world.run(json!({"lane": "B"})).await;
    (run.run_id, open)
}

const DAYS: &str = "select count(*) from pg_inherits where inhparent = 'public.run_events'::regclass";

#[tokio::test]
async fn nothing_goes_until_somebody_says_so() {
    let world = World::new().await;
    ended_and_open(&world).await;
    world.advance(Duration::days(400)).await;
    for kind in ["logs", "events", "runs", "bulk", "alerts"] {
        assert_eq!(apply(&world, kind).await, 0, "{kind}");
    }
}

#[tokio::test]
async fn old_days_are_dropped_whole_and_open_runs_keep_their_story() {
    let world = World::new().await;
    let (ended, open) = ended_and_open(&world).await;
    keep(&world, json!({"logs": 7, "events": 7})).await.unwrap();
    let before: i64 = world.value(DAYS).await.parse().unwrap();
    world.advance(Duration::days(30)).await;
    assert!(apply(&world, "events").await > 0);
    let after: i64 = world.value(DAYS).await.parse().unwrap();
    assert!(after < before, "{before} {after}");
    assert_eq!(world.events(&ended).await, "");
    assert_eq!(world.events(&open).await, "queued");
    // Once it has ended, its story goes like any other.
    db::queue::cancel_run(&mut *world.conn().await, &open, None, false)
        .await
        .unwrap();
    apply(&world, "events").await;
    assert_eq!(world.events(&open).await, "canceled");
}

#[tokio::test]
async fn a_day_that_fell_into_the_default_partition_gets_its_own() {
    let world = World::new().await;
    keep(&world, json!({"events": 7})).await.unwrap();
    world.advance(Duration::days(30)).await;
    let run = world.run(json!({})).await;
    assert_eq!(
        world
            .value("select count(*) from runboard_internal.run_events_default")
            .await,
        "1"
    );
    assert_eq!(apply(&world, "events").await, 0);
    assert_eq!(
        world
            .value("select count(*) from runboard_internal.run_events_default")
            .await,
        "0"
    );
    assert_eq!(world.events(&run).await, "queued");
}

#[tokio::test]
async fn old_ended_runs_go_with_all_that_is_theirs() {
    let world = World::new().await;
    let (ended, open) = ended_and_open(&world).await;
    keep(&world, json!({"logs": 1, "events": 1, "runs": 7})).await.unwrap();
    assert_eq!(apply(&world, "runs").await, 0);
    world.advance(Duration::days(8)).await;
    assert_eq!(apply(&world, "runs").await, 1);
    assert_eq!(world.state(&ended).await, "");
    assert_eq!(world.value("select count(*) from run_attempts").await, "0");
    assert_eq!(world.state(&open).await, "queued");
}

#[tokio::test]
async fn the_daily_schedule_is_on_as_long_as_anything_is_forgotten() {
    let world = World::new().await;
    let is_on = "select enabled from schedules where action = 'retention.apply'";
    assert_eq!(world.value(is_on).await, "false");
    keep(&world, json!({"logs": 7})).await.unwrap();
    assert_eq!(world.value(is_on).await, "true");
    keep(&world, json!({"logs": null})).await.unwrap();
    assert_eq!(world.value(is_on).await, "false");
}

#[tokio::test]
async fn days_that_make_no_sense_are_refused() {
    let world = World::new().await;
    for (days, expected) in [
        (json!({"runs": 7}), "422 invalid_field logs"),
        (json!({"runs": 7, "logs": 8, "events": 7}), "422 invalid_field logs"),
        (json!({"runs": 7, "logs": 7, "events": 8}), "422 invalid_field events"),
        (json!({"logs": 0}), "422 invalid_field logs"),
        (json!({"lugs": 1}), "422 unknown_field lugs"),
    ] {
        assert_eq!(refusal(keep(&world, days.clone()).await), expected, "{days}");
    }
    let mut tx = world.person("ann", Role::Operator).await;
    assert_eq!(
        refusal(retention::save(&mut tx, &json!({"logs": 1})).await),
        "403 forbidden"
    );
}

#[tokio::test]
async fn a_preview_counts_what_would_go() {
    let world = World::new().await;
    ended_and_open(&world).await;
    keep(&world, json!({"logs": 1, "events": 1, "runs": 1})).await.unwrap();
    world.advance(Duration::days(3)).await;
    let rows = retention::preview(&mut *world.conn().await).await.unwrap();
    let count = |kind: &str| rows.iter().find(|row| row.kind == kind).unwrap().count;
    assert_eq!((count("runs"), count("logs"), count("bulk")), (1, 0, 0));
    assert_eq!(count("events"), 3);
}

#[tokio::test]
async fn days_of_the_wrong_form_are_refused() {
    let world = World::new().await;
    for days in [json!([]), json!(7), json!("all")] {
        assert_eq!(refusal(keep(&world, days).await), "422 invalid");
    }
}

#[tokio::test]
async fn what_a_long_attempt_says_into_the_day_it_began_outlives_that_day() {
    let world = World::new().await;
    keep(&world, json!({"events": 7})).await.unwrap();
    world.advance(Duration::zero()).await;
    let run = world.running(json!({})).await;
    world.execute("delete from run_events").await;
    world
        .execute("update runboard_internal.run_leases set expires_at = expires_at + interval '1 year'")
        .await;
    world.advance(Duration::days(30)).await;
    let mut writer = world.pool().begin().await.unwrap();
    sqlx::query("select append_events($1, $2, '[{\"seq\": 1, \"kind\": \"said\", \"message\": \"still here\"}]')")
        .bind(&run.run_id)
        .bind(run.lease_seq)
        .execute(&mut *writer)
        .await
        .unwrap();
    let drop = apply(&world, "events");
    let end = async {
        world.until_somebody_waits().await;
        writer.commit().await.unwrap();
    };
    futures::future::join(drop, end).await;
    assert_eq!(
        world.value("select string_agg(message, ' ') from run_events").await,
        "still here"
    );
}

#[tokio::test]
async fn messages_that_tried_out_a_channel_go_with_the_alerts() {
    let world = World::new().await;
    world
        .execute(
            "with channel as (
               insert into alert_channels (name, url, nonce, ciphertext, created_by, updated_by, created_at, updated_at)
               values ('hook', 'https://example.org', 'n', 'c', '', '', now(), now()) returning channel_id)
             insert into alert_deliveries (channel_id, event, body, created_at, delivered_at, next_try_at)
             select channel_id, 'test', '{}', now(), case when sent then now() end, case when not sent then now() end
             from channel cross join unnest(array[true, false]) as sent",
        )
        .await;
    keep(&world, json!({"alerts": 7})).await.unwrap();
    assert_eq!(apply(&world, "alerts").await, 0);
    world.advance(Duration::days(8)).await;
    assert_eq!(apply(&world, "alerts").await, 1);
    assert_eq!(
        world
            .value("select count(*) from alert_deliveries where next_try_at is not null")
            .await,
        "1",
        "what is still to be sent stays"
    );
}
