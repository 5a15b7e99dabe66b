//! `drain_worker`: no more work for this one.

use crate::world::{World, refusal};
use db::queue::{self, WorkerState};
use domain::Role;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_draining_worker_gets_nothing_and_hears_of_it() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    world.run(json!({})).await;
    let mut tx = world.person("ann", Role::Operator).await;
    queue::drain_worker(&mut tx, worker).await.unwrap();
    tx.commit().await.unwrap();
    assert!(world.claim(worker, 1).await.is_empty());
    let state = queue::heartbeat_worker(&mut *world.conn().await, worker, None)
        .await
        .unwrap();
    assert_eq!(state, WorkerState::Draining);
}

#[tokio::test]
async fn a_draining_worker_finishes_what_it_holds() {
    let world = World::new().await;
    world.run(json!({})).await;
    let worker = world.worker("w1").await;
    let run = world.claim(worker, 1).await.remove(0);
    queue::drain_worker(&mut *world.conn().await, worker).await.unwrap();
    assert_eq!(world.complete(&run, "success", None, false).await, "ok");
}

#[tokio::test]
async fn draining_twice_is_one_act() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    for _ in 0..2 {
        let mut tx = world.person("ann", Role::Operator).await;
        queue::drain_worker(&mut tx, worker).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(world.value("select count(*) from audit_log").await, "1");
}

#[tokio::test]
async fn a_worker_nobody_registered_is_not_found() {
    let world = World::new().await;
    let answer = queue::drain_worker(&mut *world.conn().await, Uuid::nil()).await;
    assert_eq!(refusal(answer), "404 unknown_worker worker_id");
}
