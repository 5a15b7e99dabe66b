//! `release_run`: given back in an orderly shutdown.

use crate::world::World;
use db::queue;
use serde_json::json;
use testkit::snapshot_runs;

#[tokio::test]
async fn the_run_is_due_at_once_and_the_try_does_not_count() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.step(&run, "a", 0, "running", json!(null)).await;
    assert!(
        queue::release_run(&mut *world.conn().await, &run.run_id, run.lease_seq)
            .await
            .unwrap()
    );
    insta::assert_snapshot!(snapshot_runs(world.pool()).await, @r#"
    run 1 "test.noop" in A: queued; attempt 0 of 3
      queued in front; kinds action
      attempt 1 under lease 1 by w1: released
      step a under lease 1, try 1: released
      event queued: Queued in lane A by system. {"lane": "A", "actor": "system"}
      event claimed: Claimed by w1 (attempt 1). {"worker": "w1", "attempt": 1, "lease_seq": <number>}
      event released: Given back by w1, which is shutting down; the try does not count. {"worker": "w1", "attempt": 1, "lease_seq": <number>, "crash_count": 0}
    worker w1 serves A,B,C,D
    "#);
}

#[tokio::test]
async fn it_goes_before_others_of_its_priority() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.run(json!({})).await;
    queue::release_run(&mut *world.conn().await, &run.run_id, run.lease_seq)
        .await
        .unwrap();
    let worker = world.worker("w2").await;
    assert_eq!(world.claim(worker, 1).await[0].run_id, run.run_id);
}

#[tokio::test]
async fn a_lost_lease_cannot_be_given_back() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert!(
        !queue::release_run(&mut *world.conn().await, &run.run_id, run.lease_seq + 1)
            .await
            .unwrap()
    );
    assert_eq!(world.state(&run.run_id).await, "running");
}

#[tokio::test]
async fn a_run_that_a_person_wants_canceled_does_not_go_back() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.execute(&format!("select cancel_run('{}')", run.run_id)).await;
    queue::release_run(&mut *world.conn().await, &run.run_id, run.lease_seq)
        .await
        .unwrap();
    assert_eq!(world.state(&run.run_id).await, "canceled/canceled_by_person");
    assert_eq!(world.value("select outcome from run_attempts").await, "canceled");
}

#[tokio::test]
async fn steps_that_were_done_before_are_kept_though_the_try_has_the_same_number() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.step(&run, "a", 0, "success", json!(1)).await;
    queue::release_run(&mut *world.conn().await, &run.run_id, run.lease_seq)
        .await
        .unwrap();
    let worker = world.worker("w2").await;
    let again = world.claim(worker, 1).await.remove(0);
    assert_eq!((again.attempt, again.steps_done.get("a")), (1, Some(&json!(1))));
}
