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
