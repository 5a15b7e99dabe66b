//! What goes wrong around a worker: lost leases, a database that goes away.

use crate::stage::{Stage, all_end};
use serde_json::json;
use testkit::snapshot_runs;

#[tokio::test]
async fn a_worker_that_lost_its_lease_drops_the_work_and_writes_nothing_more() {
    let mut stage = Stage::new().await;
    let handle = stage.work().await;
    let step = json!({"id": "a", "kind": "shell", "with": {
        "script": "echo begun; echo $$ > \"$1\"; trap 'echo late; exit 1' TERM; sleep 300 & wait; echo later", "args": [stage.path("pids")],
    }});
    let run = stage.enqueue(json!([step])).await;
    let pids = stage.file("pids").await;
    stage.until("select count(*) from run_log_chunks", "1").await;
    // Nobody may take it again, so that the state stands still after the loss.
    stage.db.execute("select pause_lane('B')").await;
    stage
        .db
        .execute("update runboard_internal.run_leases set expires_at = runboard_internal.clock() - interval '1 second'; select sweep_stuck_runs();
                  select runboard_internal.promote_due(10)")
        .await;
    let before = snapshot_runs(stage.db.pool()).await;
    all_end(&pids).await;
    while handle.run_count() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(snapshot_runs(stage.db.pool()).await, before);
    assert_eq!(stage.log(&run).await, "begun");
}

#[tokio::test]
async fn a_run_outlives_a_database_that_drops_every_connection() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let step = json!({"id": "a", "kind": "shell", "with": {
        "script": "for i in $(seq 1 50); do echo line $i; sleep 0.02; done; echo done=1 >> $RUNBOARD_OUTPUT; echo $$ > \"$1\"", "args": [stage.path("pids")],
    }});
    let run = stage
        .enqueue(json!([step, {"id": "b", "kind": "shell", "with": {"script": "echo end"}}]))
        .await;
    stage.until("select count(*) > 1 from run_log_chunks", "true").await;
    for _ in 0..5 {
        stage
            .db
            .execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'runboard worker'")
            .await;
    }
    stage.ends(&run, "success").await;
    let wanted: Vec<String> = (1..=50)
        .map(|number| format!("line {number}"))
        .chain(["end".to_owned()])
        .collect();
    assert_eq!(stage.log(&run).await, wanted.join("\n"));
    assert_eq!(
        stage
            .db
            .value(&format!("select attempt from runs where run_id = '{run}'"))
            .await,
        "1"
    );
}

#[tokio::test]
async fn a_worker_that_is_dropped_leaves_no_process_and_its_run_comes_again() {
    let mut stage = Stage::new().await;
    let handle = stage.work().await;
    let step = json!({"id": "a", "kind": "shell", "with": {
        "script": "[ $RUNBOARD_ATTEMPT -ge 2 ] || { echo $$ > \"$1\"; sleep 300; }", "args": [stage.path("pids")],
    }});
    let policy = json!({"backoff": {"initial_seconds": 0.01}});
    let run = stage.enqueue_with(json!([step]), policy, json!({})).await;
    let pids = stage.file("pids").await;
    drop(handle);
    all_end(&pids).await;
    stage.db.advance(chrono::Duration::seconds(60)).await;
    let _second = stage.worker("w2").start().await.unwrap();
    stage.ends(&run, "success").await;
    assert_eq!(
        stage
            .db
            .value(&format!(
                "select attempt || ' ' || crash_count from runs where run_id = '{run}'"
            ))
            .await,
        "2 1"
    );
}

#[tokio::test]
async fn an_output_nested_too_deep_fails_its_step_and_leaves_the_worker_whole() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    // As deep as a reader takes, with the character that the database cannot hold at the bottom.
    let script = r#"nest() { printf "%0125d" 0 | sed "s/0/$1/g"; }; echo "{\"a\": $(nest [)\"\\u0000\"$(nest ])}" >> $RUNBOARD_OUTPUT"#;
    let poison = stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": script}}]))
        .await;
    stage.ends(&poison, r#"failed {"code": "output_too_deep""#).await;
    let large = "head -c 60000 /dev/zero | tr '\\0' '\"' | sed 's/^/a=/' >> $RUNBOARD_OUTPUT";
    let large = stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": large}}]))
        .await;
    stage.ends(&large, r#"failed {"code": "output_too_large""#).await;
    let next = stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": "echo a=1 >> $RUNBOARD_OUTPUT"}}]))
        .await;
    stage.ends(&next, "success").await;
}
