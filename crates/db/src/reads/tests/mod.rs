//! Readers against a database in which work has happened.

mod board;
mod list;
mod log;
mod plans;
mod run;

use super::*;
use crate::{
    Transaction,
    clock::Clock,
    pool,
    queue::{
        self, ArtifactBody, Beat, ClaimedRun, Completion, NewArtifact, NewEvent, NewStep, WorkerSpec, Write,
        WriteOutcome,
    },
    templates::{NewVersion, save_version},
};
use chrono::{DateTime, Duration, Utc};
use domain::{Claims, Role};
use serde_json::json;
use testkit::TestDb;
use uuid::Uuid;

pub(super) async fn viewer(db: &TestDb) -> Transaction {
    let claims = Claims {
        role: Role::Viewer,
        ..Claims::command_line()
    };
    pool::begin_as(db.pool(), &claims).await.unwrap()
}

pub(super) async fn worker(db: &TestDb) -> Uuid {
    let spec = WorkerSpec {
        name: "w1".to_owned(),
        host: "here".to_owned(),
        pid: 7,
        version: "0.1.0".to_owned(),
        lanes: vec!["A".to_owned(), "B".to_owned()],
        kinds: vec!["action".to_owned(), "shell".to_owned()],
        slots: 4,
    };
    queue::register_worker(&mut db.pool().acquire().await.unwrap(), &spec)
        .await
        .unwrap()
}

pub(super) async fn enqueue(db: &TestDb, spec: serde_json::Value) -> String {
    queue::enqueue_run(&mut db.pool().acquire().await.unwrap(), &spec)
        .await
        .unwrap()
        .run_id
}

pub(super) async fn claim(db: &TestDb, worker_id: Uuid) -> ClaimedRun {
    let mut conn = db.pool().acquire().await.unwrap();
    queue::claim_runs(&mut conn, worker_id, &["A".to_owned(), "B".to_owned()], 1)
        .await
        .unwrap()
        .pop()
        .unwrap()
}

pub(super) async fn write(db: &TestDb, writes: &[Write]) -> Vec<WriteOutcome> {
    queue::write_runs(&mut db.pool().acquire().await.unwrap(), writes)
        .await
        .unwrap()
}

pub(super) fn log(run: &ClaimedRun, seq: i32, lines: &str) -> Write {
    Write::Log {
        run_id: run.run_id.clone(),
        lease_seq: run.lease_seq,
        step: "say".to_owned(),
        seq,
        lines: lines.to_owned(),
        at: None,
        offsets_ms: None,
        streams: None,
    }
}

pub(super) fn completion(run: &ClaimedRun, status: &str, retryable: bool) -> Completion {
    Completion {
        run_id: run.run_id.clone(),
        lease_seq: run.lease_seq,
        status: status.to_owned(),
        result: None,
        error: (status == "failed").then(|| json!({"code": "step_failed", "message": "It broke."})),
        retryable,
    }
}

pub(super) async fn complete(db: &TestDb, run: &ClaimedRun, status: &str) {
    let outcomes = write(db, &[Write::Complete(completion(run, status, false))]).await;
    assert_eq!(outcomes, [WriteOutcome::Ok]);
}

pub(super) fn noop(lane: &str) -> serde_json::Value {
    json!({"action": "test.noop", "lane": lane})
}

pub(super) fn ids(runs: &[RunRow]) -> Vec<&str> {
    runs.iter().map(|run| run.run_id.as_str()).collect()
}
