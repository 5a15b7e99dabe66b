//! `attempt_outcomes`: what became of leases that are gone.

use crate::world::World;
use db::{pool::Session, queue};
use serde_json::json;

#[tokio::test]
async fn a_worker_learns_how_its_attempts_ended_and_of_others_nothing() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    for lane in ["A", "A", "A"] {
        world.run(json!({"lane": lane, "max_attempts": 3})).await;
    }
    let runs = world.claim(worker, 3).await;
    world.complete(&runs[0], "success", None, false).await;
    world.complete(&runs[1], "failed", None, true).await;
    let mut leases: Vec<(&str, i64)> = runs.iter().map(|run| (run.run_id.as_str(), run.lease_seq)).collect();
    leases.push(("run_20260101_000000_aaaaaaaa", 7));
    let pool = world.pool_as(Session::Worker);
    let mut conn = pool.acquire().await.unwrap();
    let known = queue::attempt_outcomes(&mut conn, &leases).await.unwrap();
    let known: Vec<&str> = known.iter().map(|outcome| outcome.as_deref().unwrap_or("-")).collect();
    assert_eq!(known, ["success", "retried", "-", "-"]);
}
