//! `heartbeat_worker`: alive, draining, unknown.

use crate::world::World;
use db::queue::{self, WorkerState};
use uuid::Uuid;

#[tokio::test]
async fn a_beat_keeps_a_worker_fresh() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    world.advance(chrono::Duration::seconds(15)).await;
    let state = queue::heartbeat_worker(&mut *world.conn().await, worker, None)
        .await
        .unwrap();
    assert_eq!(state, WorkerState::Ok);
    assert_eq!(
        world
            .value("select expires_at > runboard_internal.clock() + interval '19 seconds' from workers")
            .await,
        "true"
    );
}

#[tokio::test]
async fn a_beat_notes_the_memory_and_one_without_it_keeps_what_was_known() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    for said in [Some(52_428_800), None] {
        queue::heartbeat_worker(&mut *world.conn().await, worker, said)
            .await
            .unwrap();
        assert_eq!(world.value("select memory_bytes from workers").await, "52428800");
    }
    let refused = queue::heartbeat_worker(&mut *world.conn().await, worker, Some(-1)).await;
    assert!(refused.unwrap_err().to_string().contains("not negative"));
}

#[tokio::test]
async fn a_worker_nobody_registered_is_unknown() {
    let world = World::new().await;
    let state = queue::heartbeat_worker(&mut *world.conn().await, Uuid::nil(), None)
        .await
        .unwrap();
    assert_eq!(state, WorkerState::Unknown);
}

#[tokio::test]
async fn a_worker_that_left_is_unknown() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    queue::deregister_worker(&mut *world.conn().await, worker)
        .await
        .unwrap();
    let state = queue::heartbeat_worker(&mut *world.conn().await, worker, None)
        .await
        .unwrap();
    assert_eq!(state, WorkerState::Unknown);
}
