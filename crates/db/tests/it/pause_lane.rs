//! `pause_lane` and `resume_lane`: a lane that gives nothing for a while.

use crate::world::{World, refusal};
use db::queue;
use domain::Role;
use serde_json::json;

#[tokio::test]
async fn a_paused_lane_gives_nothing_until_it_is_resumed() {
    let world = World::new().await;
    world.run(json!({})).await;
    let worker = world.worker("w1").await;
    queue::pause_lane(&mut *world.conn().await, "A", None).await.unwrap();
    assert!(world.claim(worker, 1).await.is_empty());
    queue::resume_lane(&mut *world.conn().await, "A").await.unwrap();
    assert_eq!(world.claim(worker, 1).await.len(), 1);
}

#[tokio::test]
async fn other_lanes_go_on() {
    let world = World::new().await;
    world.run(json!({"lane": "B"})).await;
    let worker = world.worker("w1").await;
    queue::pause_lane(&mut *world.conn().await, "A", None).await.unwrap();
    assert_eq!(world.claim(worker, 1).await.len(), 1);
}

#[tokio::test]
async fn a_running_run_goes_on() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    queue::pause_lane(&mut *world.conn().await, "A", None).await.unwrap();
    assert_eq!(world.complete(&run, "success", None, false).await, "ok");
}

#[tokio::test]
async fn the_lane_says_who_paused_it_and_why() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Operator).await;
    queue::pause_lane(&mut tx, "A", Some("migration")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        world
            .value("select concat_ws(' ', paused_by, pause_reason) from lanes where name = 'A'")
            .await,
        "ann@example.org migration"
    );
    assert_eq!(world.value("select verb from audit_log").await, "pause_lane");
}

#[tokio::test]
async fn a_second_pause_keeps_the_first() {
    let world = World::new().await;
    for (name, reason) in [("ann", "first"), ("bob", "second")] {
        let mut tx = world.person(name, Role::Operator).await;
        queue::pause_lane(&mut tx, "A", Some(reason)).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(
        world.value("select pause_reason from lanes where name = 'A'").await,
        "first"
    );
}

#[tokio::test]
async fn a_planner_may_not_pause() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Planner).await;
    assert_eq!(refusal(queue::pause_lane(&mut tx, "A", None).await), "403 forbidden");
}

#[tokio::test]
async fn an_unknown_lane_is_not_found() {
    let world = World::new().await;
    let answer = queue::pause_lane(&mut *world.conn().await, "Z", None).await;
    assert_eq!(refusal(answer), "404 unknown_lane name");
    let answer = queue::resume_lane(&mut *world.conn().await, "Z").await;
    assert_eq!(refusal(answer), "404 unknown_lane name");
}
