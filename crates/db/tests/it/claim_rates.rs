//! Rates and aging of lanes, as a claim honours them.

use crate::world::World;
use chrono::Duration;
use serde_json::json;

async fn runs(world: &World, count: usize) {
    for _ in 0..count {
        world.run(json!({})).await;
    }
}

#[tokio::test]
async fn a_lane_gives_no_more_than_its_rate() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    world
        .execute("update lanes set max_running = null, rate_limit = 3, rate_seconds = 6 where name = 'A'")
        .await;
    runs(&world, 10).await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 2).await.len(), 2);
    assert_eq!(world.claim(worker, 10).await.len(), 1);
    assert_eq!(world.claim(worker, 10).await.len(), 0);
    world.advance(Duration::milliseconds(1000)).await;
    assert_eq!(world.claim(worker, 10).await.len(), 0);
    world.advance(Duration::milliseconds(1100)).await;
    assert_eq!(world.claim(worker, 10).await.len(), 1);
    world.advance(Duration::seconds(600)).await;
    assert_eq!(
        world.claim(worker, 10).await.len(),
        3,
        "what was not taken does not pile up"
    );
}

#[tokio::test]
async fn many_claimers_together_stay_within_the_rate() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    world
        .execute("update lanes set max_running = null, rate_limit = 7, rate_seconds = 3600 where name = 'A'")
        .await;
    runs(&world, 30).await;
    let worker = world.worker("w1").await;
    let given = futures::future::join_all((0..10).map(|_| world.claim(worker, 3))).await;
    assert_eq!(given.iter().map(Vec::len).sum::<usize>(), 7);
}

#[tokio::test]
async fn a_run_that_waits_long_passes_newer_ones_of_a_better_priority() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    world
        .execute("update lanes set aging_seconds = 10 where name = 'A'")
        .await;
    let old = world.run(json!({"priority": 120})).await;
    world.advance(Duration::seconds(190)).await;
    let better = world.run(json!({"priority": 100})).await;
    world.advance(Duration::seconds(20)).await;
    let late = world.run(json!({"priority": 100})).await;
    let worker = world.worker("w1").await;
    let order: Vec<String> = world.claim(worker, 3).await.into_iter().map(|run| run.run_id).collect();
    assert_eq!(order, [better, old, late]);
}

#[tokio::test]
async fn without_aging_the_better_priority_always_goes_first() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    world
        .execute("update lanes set aging_seconds = null where name = 'A'")
        .await;
    let old = world.run(json!({"priority": 120})).await;
    world.advance(Duration::hours(9)).await;
    let new = world.run(json!({"priority": 119})).await;
    let worker = world.worker("w1").await;
    let order: Vec<String> = world.claim(worker, 3).await.into_iter().map(|run| run.run_id).collect();
    assert_eq!(order, [new, old]);
}

#[tokio::test]
async fn a_changed_aging_puts_the_runs_that_wait_in_their_new_order() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    world
        .execute("update lanes set aging_seconds = null where name = 'A'")
        .await;
    let old = world.run(json!({"priority": 120})).await;
    world.advance(Duration::seconds(300)).await;
    world.run(json!({"priority": 110})).await;
    world
        .execute("update lanes set aging_seconds = 10 where name = 'A'")
        .await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 1).await[0].run_id, old);
}

#[tokio::test]
async fn lanes_of_different_pace_are_compared_by_what_their_runs_are_worth_now() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    world
        .execute("update lanes set aging_seconds = case name when 'A' then null else 10 end")
        .await;
    let slow = world.run(json!({"lane": "B", "priority": 120})).await;
    world.advance(Duration::seconds(150)).await;
    world.run(json!({"lane": "A", "priority": 110})).await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 1).await[0].run_id, slow, "120 less 15 points");
}

async fn rate(world: &World, limit: &str, seconds: &str) {
    world
        .execute(&format!(
            "update lanes set max_running = null, rate_limit = {limit}, rate_seconds = {seconds} where name = 'A'"
        ))
        .await;
}

#[tokio::test]
async fn a_looser_rate_counts_only_the_claims_that_were_made() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    rate(&world, "1", "86400").await;
    runs(&world, 20).await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 10).await.len(), 1);
    rate(&world, "10", "60").await;
    assert_eq!(world.claim(worker, 20).await.len(), 9);
    world.advance(Duration::seconds(60)).await;
    assert_eq!(world.claim(worker, 20).await.len(), 10);
}

#[tokio::test]
async fn a_tighter_rate_closes_the_lane_for_one_span_at_most() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    rate(&world, "100", "60").await;
    runs(&world, 60).await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 50).await.len(), 50);
    rate(&world, "2", "60").await;
    assert_eq!(world.claim(worker, 50).await.len(), 0);
    world.advance(Duration::seconds(60)).await;
    assert_eq!(world.claim(worker, 50).await.len(), 2);
}

#[tokio::test]
async fn a_rate_that_was_lifted_begins_anew() {
    let world = World::new().await;
    world.advance(Duration::zero()).await;
    rate(&world, "1", "86400").await;
    runs(&world, 3).await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 3).await.len(), 1);
    rate(&world, "null", "null").await;
    rate(&world, "1", "3600").await;
    assert_eq!(world.claim(worker, 3).await.len(), 1);
}

#[tokio::test]
async fn a_bucket_that_is_emptier_than_its_lane_is_wide_gives_nothing_and_stops_no_claim() {
    let world = World::new().await;
    rate(&world, "1000000", "1").await;
    runs(&world, 1).await;
    world
        .execute("insert into runboard_internal.lane_buckets values ('A', '9999-01-01T00:00:00Z')")
        .await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 3).await.len(), 0);
}

#[tokio::test]
async fn a_run_that_enters_while_the_pace_of_its_lane_changes_is_not_left_behind() {
    let world = World::new().await;
    world
        .execute("update lanes set aging_seconds = 5 where name = 'A'")
        .await;
    let mut tx = world.pool().begin().await.unwrap();
    let spec = json!({"action": "test.noop", "lane": "A", "idempotency_key": "k"});
    let early = db::queue::enqueue_run(&mut tx, &spec).await.unwrap().run_id;
    let edit = async {
        world
            .execute("update lanes set aging_seconds = null where name = 'A'")
            .await;
    };
    let end = async {
        world.until_somebody_waits().await;
        tx.commit().await.unwrap();
    };
    futures::future::join(edit, end).await;
    world.run(json!({})).await;
    assert_eq!(world.claim(world.worker("w1").await, 1).await[0].run_id, early);
}
