//! Parked runs: a taken concurrency key costs claims nothing, and nobody is forgotten.

use crate::world::World;
use db::queue;
use serde_json::json;

const PARKED: &str = "select count(*) from runboard_internal.run_queue where parked";

async fn flood(world: &World, runs: usize, key: &str) {
    let specs: Vec<_> = (0..runs)
        .map(|_| json!({"action": "test.noop", "lane": "A", "concurrency_key": key}))
        .collect();
    queue::enqueue_runs(&mut *world.conn().await, &specs).await.unwrap();
}

#[tokio::test]
async fn a_claim_parks_what_it_cannot_give_and_gives_what_stands_behind() {
    let world = World::new().await;
    flood(&world, 300, "busy").await;
    let free = world.run(json!({"priority": 500})).await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 1).await.len(), 1);
    let next = world.claim(worker, 2).await;
    assert_eq!(next.iter().map(|run| run.run_id.clone()).collect::<Vec<_>>(), [free]);
    assert_eq!(world.value(PARKED).await, "299");
}

#[tokio::test]
async fn one_by_one_the_parked_runs_of_a_key_have_their_turn_in_order() {
    let world = World::new().await;
    flood(&world, 5, "busy").await;
    let worker = world.worker("w1").await;
    let mut turns = Vec::new();
    while let Some(run) = world.claim(worker, 5).await.pop() {
        assert_eq!(world.claim(worker, 5).await, [], "one at a time");
        world.complete(&run, "success", None, false).await;
        turns.push(run.run_id);
    }
    let asked = world
        .value("select string_agg(e.run_id, ' ' order by e.seq) from run_events as e where e.kind = 'queued'")
        .await;
    assert_eq!(turns.join(" "), asked);
}

#[tokio::test]
async fn a_recovered_holder_frees_its_key() {
    let world = World::new().await;
    world.advance(chrono::Duration::zero()).await;
    flood(&world, 2, "busy").await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 2).await.len(), 1);
    assert_eq!(world.claim(worker, 2).await.len(), 0);
    world.advance(chrono::Duration::seconds(60)).await;
    assert_eq!(world.sweep().await.recovered, 1);
    assert_eq!(world.claim(world.worker("w2").await, 2).await.len(), 1);
}

#[tokio::test]
async fn a_waiting_run_keeps_its_key_until_its_wait_is_gone() {
    let world = World::new().await;
    flood(&world, 1, "busy").await;
    world
        .execute(
            "insert into runboard_internal.run_waits (run_id, step, kind, opened_at, lane, priority, concurrency_key)
             values ('run w', 'a', 'callback', now(), 'A', 100, 'busy')",
        )
        .await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 1).await.len(), 0);
    assert_eq!(world.value(PARKED).await, "1");
    world.execute("delete from runboard_internal.run_waits").await;
    assert_eq!(world.claim(worker, 1).await.len(), 1);
}

#[tokio::test]
async fn an_idle_claim_finds_a_parked_run_that_nobody_freed() {
    let world = World::new().await;
    flood(&world, 1, "free").await;
    world
        .execute("update runboard_internal.run_queue set parked = true")
        .await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 1).await.len(), 0);
    assert_eq!(world.claim(worker, 1).await.len(), 1);
}

#[tokio::test]
async fn a_raised_limit_reaches_parked_runs() {
    let world = World::new().await;
    flood(&world, 3, "busy").await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 3).await.len(), 1);
    assert_eq!(world.claim(worker, 3).await.len(), 0);
    world.execute("update lanes set max_per_key = 2").await;
    world.claim(worker, 3).await;
    assert_eq!(world.claim(worker, 3).await.len(), 1);
    assert_eq!(
        world.value("select count(*) from runboard_internal.run_leases").await,
        "2"
    );
}
