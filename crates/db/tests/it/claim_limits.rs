//! `claim_runs` with many claimers: limits are exact, whatever the timing.

use crate::world::{World, claim};
use db::queue::ClaimedRun;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Eight workers claim at once, `rounds` times each, without ending anything; what they got, in all.
async fn scramble(world: &World, rounds: usize, want: i32) -> Vec<ClaimedRun> {
    let mut claimers = Vec::new();
    for n in 0..8 {
        let worker = world.worker(&format!("w{n}")).await;
        let pool = world.pool().clone();
        claimers.push(async move {
            let mut got = Vec::new();
            for _ in 0..rounds {
                got.extend(claim(&mut pool.acquire().await.unwrap(), worker, want).await);
            }
            got
        });
    }
    futures::future::join_all(claimers)
        .await
        .into_iter()
        .flatten()
        .collect()
}

async fn enqueue(world: &World, specs: impl Iterator<Item = Value>) {
    let specs: Vec<Value> = specs.collect();
    db::queue::enqueue_runs(&mut *world.conn().await, &specs).await.unwrap();
}

#[tokio::test]
async fn no_run_is_given_twice() {
    let world = World::new().await;
    world.execute("update lanes set max_running = null").await;
    enqueue(&world, (0..200).map(|_| json!({"action": "test.noop", "lane": "A"}))).await;
    let got = scramble(&world, 10, 7).await;
    let distinct: HashSet<_> = got.iter().map(|run| &run.run_id).collect();
    assert_eq!((got.len(), distinct.len()), (200, 200));
}

#[tokio::test]
async fn a_lane_is_filled_to_its_limit_and_never_over() {
    let world = World::new().await;
    world.execute("update lanes set max_running = 5 where name = 'A'").await;
    enqueue(&world, (0..60).map(|_| json!({"action": "test.noop", "lane": "A"}))).await;
    assert_eq!(scramble(&world, 5, 3).await.len(), 5);
}

#[tokio::test]
async fn limits_of_several_lanes_hold_together() {
    let world = World::new().await;
    world.execute("update lanes set max_running = position + 2").await;
    enqueue(
        &world,
        (0..120).map(|n| json!({"action": "test.noop", "lane": (["A", "B", "C", "D"][n % 4])})),
    )
    .await;
    let mut per_lane: HashMap<String, usize> = HashMap::new();
    for run in scramble(&world, 6, 4).await {
        *per_lane.entry(run.lane).or_default() += 1;
    }
    let mut counts: Vec<_> = per_lane.into_iter().collect();
    counts.sort();
    let expected = [("A", 3), ("B", 4), ("C", 5), ("D", 6)].map(|(lane, count)| (lane.to_owned(), count));
    assert_eq!(counts, expected);
}

#[tokio::test]
async fn of_one_key_one_run_is_given_even_across_lanes() {
    let world = World::new().await;
    world.execute("update lanes set max_running = null").await;
    enqueue(
        &world,
        (0..100).map(|n| json!({"action": "test.noop", "lane": (["A", "B"][n % 2]), "concurrency_key": format!("key {}", n % 10)})),
    )
    .await;
    let got = scramble(&world, 8, 5).await;
    let ids: Vec<String> = got.into_iter().map(|run| run.run_id).collect();
    assert_eq!(ids.len(), 10);
    let keys = world
        .value("select count(distinct concurrency_key) from runboard_internal.run_leases")
        .await;
    assert_eq!(keys, "10");
}

#[tokio::test]
async fn a_lane_may_allow_more_runs_of_a_key() {
    let world = World::new().await;
    world
        .execute("update lanes set max_running = null, max_per_key = 3")
        .await;
    enqueue(
        &world,
        (0..40).map(|_| json!({"action": "test.noop", "lane": "A", "concurrency_key": "k"})),
    )
    .await;
    assert_eq!(scramble(&world, 8, 2).await.len(), 3);
}

#[tokio::test]
async fn a_busy_key_does_not_hold_up_the_runs_behind_it() {
    let world = World::new().await;
    enqueue(
        &world,
        (0..30).map(
            |n| json!({"action": "test.noop", "lane": "A", "concurrency_key": if n < 29 { "busy" } else { "free" }}),
        ),
    )
    .await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 2).await.len(), 2);
}
