//! `retry_run`: the same work again, as a new run.

use crate::world::{World, refusal};
use db::queue;
use domain::Role;
use serde_json::json;

async fn failed(world: &World) -> String {
    let run = world
        .running(json!({"params": {"n": 1}, "priority": 7, "concurrency_key": "k"}))
        .await;
    world.complete(&run, "failed", None, false).await;
    run.run_id
}

#[tokio::test]
async fn it_asks_for_the_same_and_names_its_parent() {
    let world = World::new().await;
    let old = failed(&world).await;
    let new = queue::retry_run(&mut *world.conn().await, &old).await.unwrap().run_id;
    let seen = |run: &str| {
        format!(
            "select concat_ws(' ', action, lane, priority, params, concurrency_key, max_attempts) from runs where run_id = '{run}'"
        )
    };
    assert_eq!(world.value(&seen(&new)).await, world.value(&seen(&old)).await);
    assert_eq!(
        world
            .value(&format!("select parent_run_id from runs where run_id = '{new}'"))
            .await,
        old
    );
    assert_eq!(world.state(&old).await, "failed/step_failed");
}

#[tokio::test]
async fn pressed_ten_times_at_once_it_is_one_run() {
    let world = World::new().await;
    let old = failed(&world).await;
    let presses = (0..10).map(|_| async { queue::retry_run(&mut *world.conn().await, &old).await.unwrap().run_id });
    let mut runs = futures::future::join_all(presses).await;
    runs.dedup();
    assert_eq!(runs.len(), 1);
}

#[tokio::test]
async fn a_run_that_has_not_ended_is_not_retried() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    assert_eq!(
        refusal(queue::retry_run(&mut *world.conn().await, &run).await),
        "409 not_final"
    );
}

#[tokio::test]
async fn a_run_that_succeeded_is_not_retried() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(
        refusal(queue::retry_run(&mut *world.conn().await, &run.run_id).await),
        "409 already_succeeded"
    );
}

#[tokio::test]
async fn a_planner_does_not_retry_the_run_of_another() {
    let world = World::new().await;
    let old = failed(&world).await;
    let mut tx = world.person("ann", Role::Planner).await;
    assert_eq!(refusal(queue::retry_run(&mut tx, &old).await), "403 forbidden");
}

#[tokio::test]
async fn a_second_click_finds_the_run_that_a_worker_took_already() {
    let world = World::new().await;
    let old = failed(&world).await;
    let first = queue::retry_run(&mut *world.conn().await, &old).await.unwrap().run_id;
    let worker = world.worker("w2").await;
    assert_eq!(world.claim(worker, 1).await[0].run_id, first);
    let second = queue::retry_run(&mut *world.conn().await, &old).await.unwrap();
    assert_eq!((second.run_id, second.status.as_str()), (first, "running"));
}

#[tokio::test]
async fn once_the_new_run_has_ended_too_it_is_tried_anew() {
    let world = World::new().await;
    let old = failed(&world).await;
    let first = queue::retry_run(&mut *world.conn().await, &old).await.unwrap().run_id;
    let worker = world.worker("w2").await;
    let run = world.claim(worker, 1).await.remove(0);
    world.complete(&run, "failed", None, false).await;
    let second = queue::retry_run(&mut *world.conn().await, &old).await.unwrap().run_id;
    assert_ne!(second, first);
}

#[tokio::test]
async fn a_child_of_a_step_that_looks_alike_is_no_second_try() {
    let world = World::new().await;
    let parent = world.running(json!({})).await;
    let spec = json!({"action": "test.noop"});
    let child = queue::start_child_run(&mut *world.conn().await, &parent.run_id, parent.lease_seq, "go", &spec)
        .await
        .unwrap();
    world.complete(&parent, "failed", None, false).await;
    let again = queue::retry_run(&mut *world.conn().await, &parent.run_id)
        .await
        .unwrap();
    assert_ne!(again.run_id, child.run_id);
}
