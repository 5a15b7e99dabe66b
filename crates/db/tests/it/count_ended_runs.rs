//! `count_ended_runs` and `run_totals`: every end is in the meters once, whoever counts and whatever goes.

use crate::world::World;
use chrono::TimeDelta;
use serde_json::json;
use sqlx::Executor as _;
use std::time::{Duration, Instant};

/// The meters of all lanes as one text.
async fn totals(world: &World) -> String {
    world
        .value("select coalesce(string_agg(lane || ' ' || what || ' ' || total, ', '), '') from run_totals()")
        .await
}

async fn ended(world: &World, status: &str) -> String {
    let run = world.running(json!({})).await;
    world.complete(&run, status, None, false).await;
    run.run_id
}

/// Counts until the mark has moved: other tests on this Postgres may be writing, which holds it back.
async fn count(world: &World) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_mins(1) {
        if world.value("select count_ended_runs()").await == "true" {
            return;
        }
    }
    panic!("the mark never moves");
}

#[tokio::test]
async fn an_end_shows_at_once_and_is_counted_once() {
    let world = World::new().await;
    ended(&world, "success").await;
    ended(&world, "success").await;
    ended(&world, "failed").await;
    let expected = "A failed 1, A success 2";
    assert_eq!(totals(&world).await, expected);
    for _ in 0..3 {
        world.advance(TimeDelta::minutes(1)).await;
        count(&world).await;
        assert_eq!(totals(&world).await, expected);
    }
    assert_eq!(
        world.value("select sum(total) from runboard_internal.run_counts").await,
        "3"
    );
}

#[tokio::test]
async fn an_end_whose_transaction_was_open_when_others_were_counted_is_not_left_out() {
    let world = World::new().await;
    ended(&world, "success").await;
    let late = world.running(json!({})).await;
    let mut open = world.conn().await;
    let call = format!(
        "begin; select complete_run('{}', {}, 'canceled')",
        late.run_id, late.lease_seq
    );
    open.execute(sqlx::AssertSqlSafe(call)).await.unwrap();
    for _ in 0..5 {
        world.advance(TimeDelta::minutes(1)).await;
        world.value("select count_ended_runs()").await;
    }
    open.execute("commit").await.unwrap();
    assert_eq!(totals(&world).await, "A canceled 1, A success 1");
    count(&world).await;
    world.advance(TimeDelta::minutes(1)).await;
    count(&world).await;
    assert_eq!(totals(&world).await, "A canceled 1, A success 1");
}

#[tokio::test]
async fn what_retention_removes_stays_counted() {
    let world = World::new().await;
    world
        .execute(r#"select save_retention('{"runs": 1, "logs": 1, "events": 1}')"#)
        .await;
    ended(&world, "success").await;
    world.advance(TimeDelta::minutes(5)).await;
    count(&world).await;
    // One that nobody counted before it goes.
    ended(&world, "failed").await;
    world.advance(TimeDelta::days(3)).await;
    assert_eq!(world.value("select apply_retention('runs') ->> 'removed'").await, "2");
    assert_eq!(totals(&world).await, "A failed 1, A success 1");
    world.advance(TimeDelta::minutes(5)).await;
    count(&world).await;
    assert_eq!(totals(&world).await, "A failed 1, A success 1");
}

#[tokio::test]
async fn an_attempt_of_a_worker_that_vanished_is_a_recovery() {
    let world = World::new().await;
    world.running(json!({})).await;
    world.advance(TimeDelta::minutes(1)).await;
    world.sweep().await;
    assert_eq!(totals(&world).await, "A recovered 1");
    world.advance(TimeDelta::minutes(1)).await;
    count(&world).await;
    assert_eq!(totals(&world).await, "A recovered 1");
}
