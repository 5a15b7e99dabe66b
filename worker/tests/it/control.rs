//! What operators do to running runs: cancel, drain, stop.

use crate::stage::{Stage, all_end};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::time::Duration;
use worker::steps::{Leases, StepContext, StepError, StepKindHandler};

#[tokio::test]
async fn cancel_ends_the_whole_family_of_processes_and_keeps_what_was_printed() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    // A child, a grandchild that does not listen to TERM, and one that left the process group.
    let script = "echo working; sleep 300 & echo $! >> pids; (trap '' TERM; sleep 300) & echo $! >> pids; \
        setsid sleep 300 & echo $! >> pids; echo $$ >> pids; cp pids \"$1\"; wait; wait";
    let step = json!({"id": "a", "kind": "shell", "with": {"script": script, "args": [stage.path("pids")]}});
    let run = stage.enqueue(json!([step])).await;
    let pids = stage.file("pids").await;
    assert_eq!(pids.lines().count(), 4);
    stage.db.execute(&format!("select cancel_run('{run}', 'enough')")).await;
    stage.ends(&run, "canceled").await;
    all_end(&pids).await;
    assert_eq!(stage.log(&run).await, "working");
    assert_eq!(stage.steps(&run, "status").await, "a canceled");
    assert!(stage.events(&run).await.ends_with("cancel_requested canceled"));
}

#[tokio::test]
async fn a_worker_that_stops_gives_its_runs_back_without_penalty() {
    let stage = Stage::new().await;
    let mut worker = stage.worker("w1");
    worker.config.grace = Duration::ZERO;
    let mut handle = worker.start().await.unwrap();
    let step = json!({"id": "a", "kind": "shell", "with": {"script": "echo $$ > \"$1\"; sleep 300", "args": [stage.path("pids")]}});
    let run = stage.enqueue(json!([step])).await;
    let pids = stage.file("pids").await;
    handle.stop();
    handle.stopped().await.unwrap();
    all_end(&pids).await;
    let state = "select status || ' ' || attempt || ' ' || crash_count from runs";
    assert_eq!(stage.db.value(state).await, "queued 0 0");
    assert_eq!(stage.steps(&run, "status").await, "a released");
    assert_eq!(
        stage.db.value("select stopped_at is not null from workers").await,
        "true"
    );
    assert!(stage.events(&run).await.ends_with("released"));
}

#[tokio::test]
async fn a_worker_that_stops_lets_a_short_run_end() {
    let mut stage = Stage::new().await;
    let mut handle = stage.work().await;
    let step = json!({"id": "a", "kind": "shell", "with": {
        "script": "echo $$ > \"$1\"; until [ -e \"$2\" ]; do sleep 0.02; done", "args": [stage.path("pids"), stage.path("go")],
    }});
    let run = stage.enqueue(json!([step])).await;
    stage.file("pids").await;
    handle.stop();
    std::fs::write(stage.path("go"), "").unwrap();
    handle.stopped().await.unwrap();
    stage.ends(&run, "success").await;
}

#[tokio::test]
async fn a_drained_worker_takes_no_more_runs() {
    let mut stage = Stage::new().await;
    let handle = stage.work().await;
    stage
        .db
        .execute(&format!("select drain_worker('{}')", handle.worker_id()))
        .await;
    let step = json!({"id": "a", "kind": "shell", "with": {"script": "echo $$ > \"$1\"; sleep 300", "args": [stage.path("pids")]}});
    // The hint of the drain and a beat bring the news; a second worker takes what the first leaves.
    stage.until("select draining_at is not null from workers", "true").await;
    let second = stage.worker("w2").start().await.unwrap();
    let run = stage.enqueue(json!([step])).await;
    stage.file("pids").await;
    assert_eq!((handle.run_count(), second.run_count()), (0, 1));
    stage.db.execute(&format!("select cancel_run('{run}')")).await;
    stage.ends(&run, "canceled").await;
}

#[tokio::test]
async fn a_full_worker_leaves_the_rest_in_the_queue() {
    let mut stage = Stage::new().await;
    let mut worker = stage.worker("w1");
    worker.config.slots = 2;
    let handle = worker.start().await.unwrap();
    let step = json!({"id": "a", "kind": "shell", "with": {"script": "until [ -e \"$1\" ]; do sleep 0.02; done", "args": [stage.path("go")]}});
    let first = stage.enqueue(json!([step])).await;
    for _ in 0..3 {
        stage.enqueue_saved("test", json!({})).await;
    }
    stage
        .until("select count(*) from runs where status = 'running'", "2")
        .await;
    assert_eq!(handle.run_count(), 2);
    assert_eq!(
        stage
            .db
            .value("select count(*) from runs where status = 'queued'")
            .await,
        "2"
    );
    std::fs::write(stage.path("go"), "").unwrap();
    stage.ends(&first, "success").await;
    stage
        .until("select count(*) from runs where status = 'success'", "4")
        .await;
}

/// A kind that has something to do beside its steps, and panics over it while one of them runs.
#[derive(Default)]
struct Clumsy {
    at_work: tokio::sync::Notify,
}

impl StepKindHandler for Clumsy {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(async move {
            self.at_work.notify_one();
            step.stop.requested().await;
            Err(StepError::stopped())
        })
    }

    fn tend<'a>(&'a self, _: &'a Leases) -> BoxFuture<'a, ()> {
        Box::pin(async {
            self.at_work.notified().await;
            panic!("it stumbles")
        })
    }
}

#[tokio::test]
async fn a_worker_of_which_a_part_breaks_down_gives_its_runs_back_and_says_so() {
    let stage = Stage::new().await;
    let mut worker = stage.worker("w1");
    worker.kinds = worker.kinds.with("shell", Clumsy::default());
    let mut handle = worker.start().await.unwrap();
    stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": "true"}}]))
        .await;
    let broken = handle.stopped().await.unwrap_err();
    assert_eq!(broken.to_string(), "the worker broke down: one of its loops ended");
    let state = "select status || ' ' || attempt || ' ' || crash_count from runs";
    assert_eq!(stage.db.value(state).await, "queued 0 0");
    assert_eq!(
        stage.db.value("select stopped_at is not null from workers").await,
        "true"
    );
}
