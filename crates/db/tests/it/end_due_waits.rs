//! Waits that end by themselves: their time is over, or what they waited for has come.

use crate::world::World;
use chrono::Duration;
use db::queue;
use serde_json::json;

#[tokio::test]
async fn the_end_of_the_time_decides_as_the_wait_says() {
    for (on_timeout, state, step) in [
        ("approve", "queued", "success"),
        ("reject", "failed/rejected", "failed"),
        ("fail", "failed/timeout", "failed"),
    ] {
        let world = World::new().await;
        let run = world
            .waiting(json!({"timeout_seconds": 60, "on_timeout": on_timeout}))
            .await;
        assert_eq!(world.sweep().await, queue::Swept::default());
        world.advance(Duration::seconds(61)).await;
        let swept = world.sweep().await;
        assert_eq!((swept.resumed + swept.failed, swept.recovered), (1, 0));
        assert_eq!(world.state(&run.run_id).await, state);
        assert_eq!(
            world.value("select status from run_steps where step = 'ok'").await,
            step
        );
        assert_eq!(world.sweep().await, queue::Swept::default(), "nothing ends twice");
    }
}

#[tokio::test]
async fn a_failed_wait_fails_the_run_even_where_failures_are_tolerated() {
    let world = World::new().await;
    let run = world
        .waiting_at(json!({"on_failure": "continue"}), json!({"timeout_seconds": 60}))
        .await;
    world.advance(Duration::seconds(61)).await;
    world.sweep().await;
    assert_eq!(world.state(&run.run_id).await, "failed/timeout");
}

#[tokio::test]
async fn a_timer_ends_well() {
    let world = World::new().await;
    let run = world.waiting(json!({"kind": "timer", "timeout_seconds": 60})).await;
    world.advance(Duration::seconds(61)).await;
    assert_eq!(world.sweep().await.resumed, 1);
    assert_eq!(world.places(&run.run_id).await, "queue");
}

#[tokio::test]
async fn a_parent_goes_on_in_the_moment_its_child_ends() {
    for (status, state) in [
        ("success", "queued"),
        ("failed", "failed/child_failed"),
        ("canceled", "failed/child_canceled"),
    ] {
        let world = World::new().await;
        let parent = world.running(json!({})).await;
        world.step_of(&parent, "ok", 0, "action", "running").await;
        let spec = json!({"action": "test.child"});
        let child = queue::start_child_run(&mut *world.conn().await, &parent.run_id, parent.lease_seq, "ok", &spec)
            .await
            .unwrap();
        world
            .suspend(&parent, json!({"kind": "run", "data": {"run_id": child.run_id}}))
            .await
            .unwrap();
        assert_eq!(world.places(&parent.run_id).await, "waits");
        let worker = world.worker("w2").await;
        let held = world.claim(worker, 1).await.remove(0);
        assert_eq!(held.run_id, child.run_id);
        world
            .complete(&held, status, Some(json!({"message": "it broke"})), false)
            .await;
        assert_eq!(world.state(&parent.run_id).await, state);
    }
}

#[tokio::test]
async fn the_sweep_finds_a_child_whose_end_nobody_told() {
    let world = World::new().await;
    world.execute("alter table runs disable trigger runs_wake_parent").await;
    let child = world.running(json!({})).await;
    let wait = json!({"kind": "run", "data": {"run_id": child.run_id}});
    let parent = world.waiting(wait).await;
    world.complete(&child, "success", None, false).await;
    assert_eq!(world.places(&parent.run_id).await, "waits");
    assert_eq!(world.sweep().await.resumed, 1);
    assert_eq!(
        world
            .value("select output ->> 'status' from run_steps where step = 'ok'")
            .await,
        "success"
    );
}

#[tokio::test]
async fn one_wait_that_cannot_be_ended_does_not_hold_up_the_others() {
    let world = World::new().await;
    let good = world.waiting(json!({"kind": "timer", "timeout_seconds": 60})).await;
    // A row without its run: no rule allows it, so ending it fails.
    world
        .execute("insert into runboard_internal.run_waits (run_id, step, kind, opened_at, due_at, lane, priority) values ('run_20200101_000000_aaaaaaaa', 'x', 'timer', '2020-01-01', '2020-01-01', 'A', 100)")
        .await;
    world.advance(Duration::seconds(61)).await;
    assert_eq!(world.sweep().await.resumed, 1);
    assert_eq!(world.places(&good.run_id).await, "queue");
}

#[tokio::test]
async fn two_sweeps_at_once_end_each_wait_once() {
    let world = World::new().await;
    world.waiting(json!({"kind": "timer", "timeout_seconds": 60})).await;
    world.advance(Duration::seconds(61)).await;
    let (one, other) = tokio::join!(world.sweep(), world.sweep());
    assert_eq!(one.resumed + other.resumed, 1);
    assert_eq!(
        world.value("select count(*) from runboard_internal.run_queue").await,
        "1"
    );
}
