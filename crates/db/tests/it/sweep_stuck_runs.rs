//! `sweep_stuck_runs`: nothing stays with the dead.

use crate::world::World;
use db::queue;
use serde_json::json;
use testkit::snapshot_runs;

#[tokio::test]
async fn sweep_returns_an_expired_run_to_its_lane() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.step(&run, "a", 0, "running", json!(null)).await;
    world.advance(chrono::Duration::seconds(21)).await;
    assert_eq!(world.sweep().await.recovered, 1);
    insta::assert_snapshot!(snapshot_runs(world.pool()).await, @r#"
    run 1 "test.noop" in A: queued; attempt 1 of 3; crashes 1
      deferred, comes back; kinds action
      attempt 1 under lease 1 by w1: lost; error {"code": "worker_lost", "hint": "If this repeats, the work itself may bring its worker down: read the last lines of the log.", "message": "Worker w1 vanished: no heartbeat for <span>."}
      step a under lease 1, try 1: lost
      event queued: Queued in lane A by system. {"lane": "A", "actor": "system"}
      event claimed: Claimed by w1 (attempt 1). {"worker": "w1", "attempt": 1, "lease_seq": <number>}
      event lost: Worker w1 vanished: no heartbeat for <span>. The run goes back to lane A. {"due_at": "<time>", "worker": "w1", "attempt": 1, "lease_seq": <number>, "crash_count": 1}
      event retry_scheduled: Attempt 1 was lost. The next try is due at once. {"code": "worker_lost", "due_at": "<time>", "attempt": 1, "failures": 0, "max_attempts": 3}
    worker w1 serves A,B,C,D; silent
    "#);
}

#[tokio::test]
async fn a_live_run_is_left_alone() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.advance(chrono::Duration::seconds(19)).await;
    assert_eq!(world.sweep().await, queue::Swept::default());
    assert_eq!(world.state(&run.run_id).await, "running");
}

#[tokio::test]
async fn a_lost_worker_is_not_a_failed_attempt() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    world.run(json!({"max_attempts": 1})).await;
    world.claim(worker, 1).await;
    world.advance(chrono::Duration::minutes(1)).await;
    assert_eq!(world.sweep().await.recovered, 1);
    world.advance(chrono::Duration::minutes(1)).await;
    let again = world.claim(worker, 1).await.remove(0);
    assert_eq!(world.complete(&again, "success", None, false).await, "ok");
}

#[tokio::test]
async fn a_run_that_keeps_losing_its_worker_is_failed_as_worker_lost() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    let run = world.run(json!({})).await;
    for _ in 0..3 {
        assert_eq!(world.claim(worker, 1).await.len(), 1);
        world.advance(chrono::Duration::minutes(10)).await;
        world.sweep().await;
        world.advance(chrono::Duration::minutes(10)).await;
    }
    assert_eq!(world.state(&run).await, "failed/worker_lost");
    assert!(
        world
            .messages(&run)
            .await
            .ends_with("Failed: its worker vanished 3 times.")
    );
}

#[tokio::test]
async fn time_that_is_over_counts_as_a_failed_attempt() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    let run = world.run(json!({"timeout_seconds": 10, "max_attempts": 2})).await;
    for outcome in ["recovered", "failed"] {
        let claimed = world.claim(worker, 1).await.remove(0);
        world.advance(chrono::Duration::seconds(16)).await;
        let beat = format!("select heartbeat_run('{}', {})", claimed.run_id, claimed.lease_seq);
        assert_eq!(world.value(&beat).await, "ok");
        let swept = world.sweep().await;
        assert_eq!(
            (swept.recovered, swept.failed),
            if outcome == "failed" { (0, 1) } else { (1, 0) }
        );
        world.advance(chrono::Duration::minutes(10)).await;
    }
    assert_eq!(world.state(&run).await, "failed/timeout");
    assert_eq!(
        world.events(&run).await,
        "queued claimed timeout retry_scheduled claimed timeout failed"
    );
}

#[tokio::test]
async fn a_live_worker_has_a_grace_to_end_a_late_run_itself() {
    let world = World::new().await;
    let run = world.running(json!({"timeout_seconds": 10})).await;
    world.advance(chrono::Duration::seconds(12)).await;
    assert_eq!(world.sweep().await, queue::Swept::default());
    let error = json!({"code": "timeout", "message": "The step ran out of time."});
    assert_eq!(world.complete(&run, "failed", Some(error), true).await, "requeued");
}

#[tokio::test]
async fn many_sweepers_recover_each_run_once() {
    let world = World::new().await;
    world.execute("update lanes set max_running = null").await;
    let worker = world.worker("w1").await;
    for _ in 0..50 {
        world.run(json!({})).await;
    }
    world.claim(worker, 50).await;
    world.advance(chrono::Duration::minutes(1)).await;
    let swept = futures::future::join_all((0..8).map(|_| world.sweep())).await;
    assert_eq!(swept.iter().map(|sweep| sweep.recovered).sum::<i64>(), 50);
    assert_eq!(
        world.value("select count(*) from run_events where kind = 'lost'").await,
        "50"
    );
}

#[tokio::test]
async fn one_bad_row_does_not_hold_up_the_others() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    let bad = world.run(json!({})).await;
    let good = world.run(json!({})).await;
    world.claim(worker, 2).await;
    // A row that cannot be written twice stands in the way of the bad one.
    world
        .execute(&format!(
            "insert into runboard_internal.run_deferred (run_id, due_at, lane, priority) values ('{bad}', now() + interval '1 year', 'A', 1)"
        ))
        .await;
    world.advance(chrono::Duration::minutes(1)).await;
    assert_eq!(world.sweep().await.recovered, 1);
    assert_eq!(world.state(&good).await, "queued");
    assert_eq!(world.state(&bad).await, "running");
}

#[tokio::test]
async fn its_work_is_bounded() {
    let world = World::new().await;
    world.execute("update lanes set max_running = null").await;
    let worker = world.worker("w1").await;
    for _ in 0..10 {
        world.run(json!({})).await;
    }
    world.claim(worker, 10).await;
    world.advance(chrono::Duration::minutes(1)).await;
    let swept = queue::sweep_stuck_runs(&mut *world.conn().await, 4).await.unwrap();
    assert_eq!(swept.recovered, 4);
}

#[tokio::test]
async fn it_forgets_keys_that_are_over() {
    let world = World::new().await;
    world.run(json!({"idempotency_key": "k"})).await;
    world.advance(chrono::Duration::hours(25)).await;
    world.sweep().await;
    assert_eq!(
        world
            .value("select count(*) from runboard_internal.idempotency_keys")
            .await,
        "0"
    );
}

#[tokio::test]
async fn it_brings_due_runs_into_the_queue_when_nobody_claims() {
    let world = World::new().await;
    world.advance(chrono::Duration::zero()).await;
    let due = world
        .value("select to_jsonb(runboard_internal.clock() + interval '1 minute') #>> '{}'")
        .await;
    let run = world.run(json!({"run_after": due})).await;
    world.sweep().await;
    assert_eq!(world.places(&run).await, "deferred");
    world.advance(chrono::Duration::minutes(2)).await;
    world.sweep().await;
    assert_eq!(world.places(&run).await, "queue");
}
