//! Runs that wait: approvals, children, callbacks.

use crate::stage::Stage;
use db::queue;
use domain::Decision;
use serde_json::{Value, json};

fn shell(id: &str, script: &str) -> Value {
    json!({"id": id, "kind": "shell", "with": {"script": script}})
}

fn approval(id: &str) -> Value {
    json!({"id": id, "kind": "approval", "with": {"message": "Ship {{ run.title }}?"}})
}

async fn decide(stage: &Stage, run: &str, step: &str, decision: Decision) {
    let mut conn = stage.db.pool().acquire().await.unwrap();
    queue::approve_step(&mut conn, run, step, decision, None).await.unwrap();
}

async fn waits(stage: &mut Stage, run: &str) {
    let sql = format!("select status from runs where run_id = '{run}'");
    stage.until(&sql, "waiting").await;
}

#[tokio::test]
async fn an_approved_run_goes_on_after_what_it_did_before() {
    let mut stage = Stage::new().await;
    let worker = stage.work().await;
    let run = stage
        .enqueue(json!([
            shell("one", "echo one"),
            approval("ok"),
            {"id": "two", "kind": "shell", "with": {"script": "echo \"by $BY\"", "env": {"BY": "{{ steps.ok.output.by }}"}}},
        ]))
        .await;
    waits(&mut stage, &run).await;
    assert_eq!(
        stage.db.value("select message from runboard_internal.run_waits").await,
        "Ship Test?"
    );
    assert_eq!(
        stage
            .db
            .value("select count(*) from runboard_internal.run_leases")
            .await,
        "0"
    );
    // It hears that the database took the wait a moment after the database shows it.
    while worker.run_count() > 0 {
        tokio::task::yield_now().await;
    }
    decide(&stage, &run, "ok", Decision::Approve).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.log(&run).await, "one\nby system");
    assert_eq!(stage.db.value("select attempt from runs").await, "1");
}

#[tokio::test]
async fn other_branches_end_before_the_run_waits_and_are_not_run_again() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let mut gate = approval("ok");
    gate["needs"] = json!([]);
    let mut slow = shell("slow", "sleep 0.3; echo slow");
    slow["needs"] = json!([]);
    let mut broken = shell("broken", "echo broken; exit 1");
    broken["on_failure"] = json!("continue");
    let mut last = shell("last", "echo last");
    last["needs"] = json!(["ok", "broken"]);
    let run = stage.enqueue(json!([gate, slow, broken, last])).await;
    waits(&mut stage, &run).await;
    assert_eq!(
        stage.steps(&run, "status").await,
        "ok waiting, slow success, broken failed"
    );
    decide(&stage, &run, "ok", Decision::Approve).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.log(&run).await, "slow\nbroken\nlast");
}

#[tokio::test]
async fn a_run_that_is_only_an_approval_ends_with_the_decision() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let yes = stage.enqueue(json!([approval("ok")])).await;
    let no = stage.enqueue_saved("test", json!({})).await;
    waits(&mut stage, &yes).await;
    waits(&mut stage, &no).await;
    decide(&stage, &yes, "ok", Decision::Approve).await;
    decide(&stage, &no, "ok", Decision::Reject).await;
    stage.ends(&yes, "success").await;
    stage.ends(&no, "failed").await;
    assert_eq!(
        stage
            .db
            .value(&format!("select reason from runs where run_id = '{no}'"))
            .await,
        "rejected"
    );
}

#[tokio::test]
async fn two_approvals_are_asked_one_after_the_other() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let (mut one, mut two) = (approval("one"), approval("two"));
    one["needs"] = json!([]);
    two["needs"] = json!([]);
    let run = stage.enqueue(json!([one, two])).await;
    let asked = "select string_agg(step, ' ') from runboard_internal.run_waits";
    stage.until(asked, "one").await;
    decide(&stage, &run, "one", Decision::Approve).await;
    stage.until(asked, "two").await;
    decide(&stage, &run, "two", Decision::Approve).await;
    stage.ends(&run, "success").await;
}

#[tokio::test]
async fn a_run_canceled_while_it_waits_ends_at_once() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let run = stage
        .enqueue(json!([approval("ok"), shell("never", "echo never")]))
        .await;
    waits(&mut stage, &run).await;
    stage.db.execute(&format!("select cancel_run('{run}')")).await;
    stage.ends(&run, "canceled").await;
    assert_eq!(stage.log(&run).await, "");
}

#[tokio::test]
async fn a_worker_that_vanishes_around_the_wait_loses_nothing() {
    let mut stage = Stage::new().await;
    let first = stage.work().await;
    let run = stage
        .enqueue_with(
            json!([approval("ok"), shell("two", "echo two")]),
            json!({"restart": true}),
            json!({}),
        )
        .await;
    waits(&mut stage, &run).await;
    // Right after: the wait is the database's.
    drop(first);
    let _second = stage.worker("w2").start().await.unwrap();
    decide(&stage, &run, "ok", Decision::Approve).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.log(&run).await, "two");
}

#[tokio::test]
async fn a_step_waits_for_the_run_it_started_and_answers_with_its_result() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    for (script, status) in [("echo x=7 >> $RUNBOARD_OUTPUT", "success"), ("exit 1", "failed")] {
        let child = json!({"version": 1, "slug": "child", "title": "Child", "steps": [shell("a", script)]});
        let alone = stage.enqueue_source(&child.to_string(), json!({})).await;
        stage.ends(&alone, status).await;
        let step = json!({"id": "start", "kind": "action", "with": {
            "action": "template.run", "options": {"template": "child", "wait": true}}});
        let parent = stage.enqueue(json!([step])).await;
        stage.ends(&parent, status).await;
        let found = stage
            .db
            .value(&format!(
                "select coalesce(s.output -> 'result' -> 'output' ->> 'x', s.error ->> 'code') from run_steps as s where s.run_id = '{parent}'"
            ))
            .await;
        assert_eq!(found, if status == "success" { "7" } else { "child_failed" });
    }
}
