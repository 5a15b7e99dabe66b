//! `settled_steps`: what ended before a wait is not begun again.

use crate::world::{World, refusal};
use db::queue::{self, ClaimedRun};
use domain::Decision;
use serde_json::json;

async fn settled(world: &World, run: &ClaimedRun) -> String {
    let steps = queue::settled_steps(&mut *world.conn().await, &run.run_id, run.lease_seq)
        .await
        .unwrap();
    steps
        .iter()
        .map(|(step, settled)| format!("{step} {}", settled.status))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A run that was approved at `ok` and is claimed again.
async fn approved(world: &World, policy: serde_json::Value) -> ClaimedRun {
    let steps = json!([{"id": "a", "kind": "api"}, {"id": "x", "kind": "api"}, {"id": "ok", "kind": "approval"}]);
    world
        .template_with("gate", json!({"steps": steps, "params": {}, "policy": policy}))
        .await;
    let run = world.running(json!({"action": null, "template": "gate"})).await;
    world.step(&run, "a", 0, "failed", json!(null)).await;
    world.step(&run, "x", 1, "skipped", json!(null)).await;
    world.step_of(&run, "ok", 2, "approval", "running").await;
    world.suspend(&run, json!({})).await.unwrap();
    let mut conn = world.conn().await;
    queue::approve_step(&mut conn, &run.run_id, "ok", Decision::Approve, None)
        .await
        .unwrap();
    let worker = world.worker("w2").await;
    world.claim(worker, 1).await.remove(0)
}

#[tokio::test]
async fn steps_that_failed_tolerated_or_were_skipped_before_the_wait_stay_so() {
    let world = World::new().await;
    let run = approved(&world, json!({})).await;
    assert_eq!(settled(&world, &run).await, "a failed, ok success, x skipped");
}

#[tokio::test]
async fn a_template_that_starts_over_does_so_after_a_lost_worker_but_not_after_a_wait() {
    let world = World::new().await;
    let run = approved(&world, json!({"restart": true, "max_attempts": 3})).await;
    assert_eq!(settled(&world, &run).await, "a failed, ok success, x skipped");
    world.complete(&run, "failed", None, true).await;
    world.advance(chrono::Duration::hours(1)).await;
    let worker = world.worker("w3").await;
    let again = world.claim(worker, 1).await.remove(0);
    assert_eq!(settled(&world, &again).await, "");
}

#[tokio::test]
async fn only_who_holds_the_run_may_ask() {
    let world = World::new().await;
    let run = approved(&world, json!({})).await;
    let asked = queue::settled_steps(&mut *world.conn().await, &run.run_id, run.lease_seq - 1).await;
    assert_eq!(refusal(asked), "409 lease_lost");
}
