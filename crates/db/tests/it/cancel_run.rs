//! `cancel_run`: a cancel always ends.

use crate::world::{World, refusal};
use db::queue::{self, CancelOutcome};
use domain::Role;
use serde_json::json;

async fn cancel(world: &World, run_id: &str, force: bool) -> CancelOutcome {
    queue::cancel_run(&mut *world.conn().await, run_id, Some("because"), force)
        .await
        .unwrap()
        .outcome
}

#[tokio::test]
async fn a_queued_run_ends_at_once() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    assert_eq!(cancel(&world, &run, false).await, CancelOutcome::Canceled);
    assert_eq!(world.state(&run).await, "canceled/canceled_by_person");
    assert_eq!(
        world.messages(&run).await,
        "Queued in lane A by system. | Canceled before it started by system: because"
    );
    assert_eq!(
        world.value("select count(*) from runboard_internal.run_queue").await,
        "0"
    );
}

#[tokio::test]
async fn a_deferred_run_ends_at_once() {
    let world = World::new().await;
    let run = world.run(json!({"run_after": "2100-01-01T00:00:00Z"})).await;
    assert_eq!(cancel(&world, &run, false).await, CancelOutcome::Canceled);
    assert_eq!(
        world.value("select count(*) from runboard_internal.run_deferred").await,
        "0"
    );
}

#[tokio::test]
async fn a_running_run_is_asked_to_end() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert_eq!(cancel(&world, &run.run_id, false).await, CancelOutcome::Requested);
    assert_eq!(world.state(&run.run_id).await, "running");
    assert_eq!(world.events(&run.run_id).await, "queued claimed cancel_requested");
}

#[tokio::test]
async fn asking_twice_is_one_request() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    cancel(&world, &run.run_id, false).await;
    assert_eq!(cancel(&world, &run.run_id, false).await, CancelOutcome::Requested);
    assert_eq!(world.events(&run.run_id).await, "queued claimed cancel_requested");
}

#[tokio::test]
async fn force_waits_for_the_grace_and_then_ends_the_run() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    cancel(&world, &run.run_id, false).await;
    assert_eq!(cancel(&world, &run.run_id, true).await, CancelOutcome::Requested);
    world.advance(chrono::Duration::seconds(16)).await;
    assert_eq!(cancel(&world, &run.run_id, true).await, CancelOutcome::Canceled);
    assert_eq!(world.state(&run.run_id).await, "canceled/canceled_by_person");
    assert_eq!(world.complete(&run, "success", None, false).await, "lost");
}

#[tokio::test]
async fn the_sweep_ends_it_when_the_worker_is_gone() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    cancel(&world, &run.run_id, false).await;
    world.advance(chrono::Duration::minutes(1)).await;
    assert_eq!(world.sweep().await.canceled, 1);
    assert_eq!(world.state(&run.run_id).await, "canceled/canceled_by_person");
}

#[tokio::test]
async fn a_final_run_stays_as_it_is() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(cancel(&world, &run.run_id, false).await, CancelOutcome::AlreadyFinal);
    assert_eq!(world.state(&run.run_id).await, "success");
}

#[tokio::test]
async fn a_run_that_does_not_exist_is_not_found() {
    let world = World::new().await;
    let answer = queue::cancel_run(&mut *world.conn().await, "run_20200101_000000_aaaaaaaa", None, false).await;
    assert_eq!(refusal(answer), "404 unknown_run run_id");
}

#[tokio::test]
async fn a_planner_cancels_its_own_runs_and_no_others() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Planner).await;
    let own = queue::enqueue_run(&mut tx, &json!({"action": "test.noop"}))
        .await
        .unwrap()
        .run_id;
    tx.commit().await.unwrap();
    let other = world.run(json!({})).await;

    let mut tx = world.person("ann", Role::Planner).await;
    let canceled = queue::cancel_run(&mut tx, &own, None, false).await.unwrap();
    assert_eq!(canceled.outcome, CancelOutcome::Canceled);
    assert_eq!(
        refusal(queue::cancel_run(&mut tx, &other, None, false).await),
        "403 forbidden"
    );
}

#[tokio::test]
async fn a_cancel_and_a_claim_at_once_leave_no_run_between() {
    let world = World::new().await;
    world.execute("update lanes set max_running = null").await;
    let worker = world.worker("w1").await;
    let mut runs = Vec::new();
    for _ in 0..60 {
        runs.push(world.run(json!({})).await);
    }
    let claims = (0..20).map(|_| world.claim(worker, 3));
    let cancels = runs.iter().rev().map(|run| cancel(&world, run, false));
    let (claimed, outcomes) = futures::join!(futures::future::join_all(claims), futures::future::join_all(cancels));
    let claimed: usize = claimed.iter().map(Vec::len).sum();
    let requested = outcomes
        .iter()
        .filter(|outcome| **outcome == CancelOutcome::Requested)
        .count();
    assert_eq!(claimed, requested);
    assert_eq!(
        world.value("select count(*) from runs where status = 'canceled'").await,
        (60 - claimed).to_string()
    );
    assert_eq!(
        world
            .value("select count(*) from runboard_internal.run_leases where cancel_requested_at is not null")
            .await,
        claimed.to_string()
    );
}

#[tokio::test]
async fn a_waiting_run_ends_at_once() {
    let world = World::new().await;
    let run = world.waiting(json!({})).await.run_id;
    assert_eq!(cancel(&world, &run, false).await, CancelOutcome::Canceled);
    assert_eq!(world.state(&run).await, "canceled/canceled_by_person");
    assert_eq!(world.places(&run).await, "");
    assert_eq!(
        world.value("select status from run_steps where step = 'ok'").await,
        "canceled"
    );
    assert!(
        world
            .messages(&run)
            .await
            .ends_with("Canceled while it waited by system: because")
    );
}

#[tokio::test]
async fn the_child_that_a_canceled_run_waits_for_ends_with_it() {
    let world = World::new().await;
    let parent = world.running(json!({})).await;
    let spec = json!({"action": "test.child"});
    let mut conn = world.conn().await;
    let child = queue::start_child_run(&mut conn, &parent.run_id, parent.lease_seq, "ok", &spec)
        .await
        .unwrap();
    let wait = json!({"kind": "run", "data": {"run_id": child.run_id}});
    world.suspend(&parent, wait).await.unwrap();
    cancel(&world, &parent.run_id, false).await;
    assert_eq!(world.state(&parent.run_id).await, "canceled/canceled_by_person");
    assert_eq!(world.state(&child.run_id).await, "canceled/canceled_by_person");
}
