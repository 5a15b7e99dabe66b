//! `record_step`: where a run stands.

use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn the_lease_knows_the_step_that_runs_and_how_many_have_ended() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let seen = "select concat_ws(' ', steps_done, current_step) from runboard_internal.run_leases";
    world.step(&run, "a", 0, "running", json!(null)).await;
    assert_eq!(world.value(seen).await, "0 a");
    world.step(&run, "a", 0, "success", json!(1)).await;
    assert_eq!(world.value(seen).await, "1");
    world.step(&run, "b", 1, "running", json!(null)).await;
    assert_eq!(world.value(seen).await, "1 b");
}

#[tokio::test]
async fn of_two_steps_at_once_the_other_is_still_shown() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.step(&run, "a", 0, "running", json!(null)).await;
    world.step(&run, "b", 1, "running", json!(null)).await;
    world.step(&run, "b", 1, "success", json!(null)).await;
    assert_eq!(
        world
            .value("select current_step from runboard_internal.run_leases")
            .await,
        "a"
    );
}

#[tokio::test]
async fn an_ended_step_counts_once_however_often_it_is_sent() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    for _ in 0..3 {
        world.step(&run, "a", 0, "success", json!(1)).await;
    }
    assert_eq!(
        world.value("select steps_done from runboard_internal.run_leases").await,
        "1"
    );
}

#[tokio::test]
async fn a_late_copy_of_the_beginning_does_not_undo_the_end() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.step(&run, "a", 0, "success", json!({"n": 1})).await;
    world.step(&run, "a", 0, "running", json!(null)).await;
    assert_eq!(
        world.value("select status || output from run_steps").await,
        r#"success{"n": 1}"#
    );
    assert_eq!(
        world
            .value("select coalesce(current_step, 'nothing') from runboard_internal.run_leases")
            .await,
        "nothing"
    );
}

#[tokio::test]
async fn a_second_try_of_a_step_replaces_the_first() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    for (number, status) in [(1, "failed"), (2, "running"), (2, "success")] {
        world
            .execute(&format!(
                r#"select record_step('{}', {}, '{{"step": "a", "position": 0, "title": "a", "kind": "api", "status": "{status}", "try": {number}}}')"#,
                run.run_id, run.lease_seq
            ))
            .await;
    }
    assert_eq!(
        world.value("select concat_ws(' ', status, try) from run_steps").await,
        "success 2"
    );
}
