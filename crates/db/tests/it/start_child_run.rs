//! `start_child_run`: a step starts one run, however often it runs.

use crate::world::{World, refusal};
use db::queue;
use domain::Role;
use serde_json::json;

#[tokio::test]
async fn a_child_belongs_to_who_asked_for_the_parent() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Planner).await;
    queue::enqueue_run(&mut tx, &json!({"action": "test.noop"}))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let worker = world.worker("w1").await;
    let parent = world.claim(worker, 1).await.remove(0);
    let mut conn = world.conn().await;
    let spec = json!({"action": "test.child"});
    let child = queue::start_child_run(&mut conn, &parent.run_id, parent.lease_seq, "go", &spec)
        .await
        .unwrap();
    assert!(child.created);
    assert_eq!(
        world
            .value("select concat_ws(' ', parent_run_id = (select run_id from runs where parent_run_id is null), requested_by ->> 'user', requested_by ->> 'via') from runs where parent_run_id is not null")
            .await,
        "t ann run"
    );
    let mut tx = world.person("ann", Role::Planner).await;
    assert!(queue::cancel_run(&mut tx, &child.run_id, None, false).await.is_ok());
}

#[tokio::test]
async fn the_same_step_gets_the_same_child_however_it_ended() {
    let world = World::new().await;
    let parent = world.running(json!({})).await;
    let mut conn = world.conn().await;
    let spec = json!({"action": "test.child"});
    let first = queue::start_child_run(&mut conn, &parent.run_id, parent.lease_seq, "go", &spec)
        .await
        .unwrap();
    queue::cancel_run(&mut conn, &first.run_id, None, false).await.unwrap();
    let again = queue::start_child_run(&mut conn, &parent.run_id, parent.lease_seq, "go", &spec)
        .await
        .unwrap();
    assert_eq!(
        (again.run_id == first.run_id, again.created, again.status.as_str()),
        (true, false, "canceled")
    );
    let other = queue::start_child_run(&mut conn, &parent.run_id, parent.lease_seq, "go_too", &spec)
        .await
        .unwrap();
    assert!(other.created);
}

#[tokio::test]
async fn a_worker_that_lost_the_run_starts_nothing() {
    let world = World::new().await;
    let parent = world.running(json!({})).await;
    world.complete(&parent, "success", None, false).await;
    let spec = json!({"action": "test.child"});
    let refused = queue::start_child_run(&mut *world.conn().await, &parent.run_id, parent.lease_seq, "go", &spec).await;
    assert_eq!(refusal(refused), "409 lease_lost");
}

#[tokio::test]
async fn a_run_that_a_person_made_to_look_like_a_child_is_none() {
    let world = World::new().await;
    let parent = world.running(json!({})).await;
    // As an older installation let a person write it.
    let forged = world.run(json!({"idempotency_key": "step go"})).await;
    world
        .execute(&format!(
            "update runs set parent_run_id = '{}', requested_by = '{{\"actor\": \"mal\", \"user\": \"mal\", \"via\": \"browser\"}}' where run_id = '{forged}'",
            parent.run_id
        ))
        .await;
    let spec = json!({"action": "test.child"});
    let child = queue::start_child_run(&mut *world.conn().await, &parent.run_id, parent.lease_seq, "go", &spec)
        .await
        .unwrap();
    assert!(child.created);
    assert_ne!(child.run_id, forged);
}
