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

/// Parked runs of `count` keys that all are taken.
async fn busy_keys(world: &World, count: usize) {
    world
        .execute(&format!(
            "insert into runboard_internal.run_waits (run_id, step, kind, opened_at, lane, priority, concurrency_key)
             select 'wait ' || n, 'a', 'callback', now(), 'A', 100, 'busy ' || n from generate_series(1, {count}) as n;
             insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, concurrency_key, rank, parked)
             select 'run ' || n, 'A', 100, now(), 'busy ' || n, 100, true from generate_series(1, {count}) as n"
        ))
        .await;
}

#[tokio::test]
async fn a_forgotten_run_is_found_behind_any_number_of_busy_keys() {
    let world = World::new().await;
    busy_keys(&world, 250).await;
    flood(&world, 1, "last").await;
    world
        .execute("update runboard_internal.run_queue set parked = true")
        .await;
    for _ in 0..3 {
        world.sweep().await;
    }
    assert_eq!(
        world
            .value("select concurrency_key from runboard_internal.run_queue where not parked")
            .await,
        "last"
    );
    // The search begins again, and comes to what lies before.
    world
        .execute("update runboard_internal.run_queue set parked = true, concurrency_key = 'a' where concurrency_key = 'last'")
        .await;
    for _ in 0..3 {
        world.sweep().await;
    }
    assert_eq!(
        world
            .value("select concurrency_key from runboard_internal.run_queue where not parked")
            .await,
        "a"
    );
}

#[tokio::test]
async fn who_brings_runs_back_waits_for_nobody_who_holds_them() {
    let world = World::new().await;
    flood(&world, 2, "key").await;
    let worker = world.worker("w1").await;
    let run = world.claim(worker, 2).await.remove(0);
    world.claim(worker, 2).await;
    let mut holder = world.pool().begin().await.unwrap();
    sqlx::query("select from runboard_internal.run_queue where parked for update")
        .execute(&mut *holder)
        .await
        .unwrap();
    let mut conn = world.conn().await;
    sqlx::query("set lock_timeout = '5s'")
        .execute(&mut *conn)
        .await
        .unwrap();
    let end = json!([{"op": "complete", "run_id": run.run_id, "lease_seq": run.lease_seq, "status": "success"}]);
    sqlx::query("select write_runs($1)")
        .bind(end)
        .execute(&mut *conn)
        .await
        .unwrap();
    holder.rollback().await.unwrap();
    assert_eq!(world.state(&run.run_id).await, "success");
}

async fn write(world: &World, ends: Vec<serde_json::Value>) {
    sqlx::query("select write_runs($1)")
        .bind(json!(ends))
        .execute(world.pool())
        .await
        .unwrap();
}

#[tokio::test]
async fn two_who_end_runs_of_the_same_keys_never_wait_for_each_other() {
    let world = World::new().await;
    world
        .execute("update lanes set max_running = null, max_per_key = 2")
        .await;
    for turn in 0..20 {
        for _ in 0..2 {
            for key in 0..12 {
                world
                    .run(json!({"concurrency_key": format!("turn {turn} key {key}")}))
                    .await;
            }
        }
        let worker = world.worker("w1").await;
        let (mut left, mut right): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        for (at, run) in world.claim(worker, 24).await.into_iter().enumerate() {
            let end = json!({"op": "complete", "run_id": run.run_id, "lease_seq": run.lease_seq, "status": "success"});
            if at < 12 { left.push(end) } else { right.push(end) }
        }
        assert_eq!(left.len() + right.len(), 24);
        right.reverse();
        futures::future::join(write(&world, left), write(&world, right)).await;
    }
    assert_eq!(
        world.value("select count(*) from runs where status = 'success'").await,
        "480"
    );
}
