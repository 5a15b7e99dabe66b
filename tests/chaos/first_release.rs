//! An old worker on a new schema: a client that knows only the calls of the first release, written out as
//! that release sent them, does a worker's whole work. These texts never change with the code.

use runboard_tests::site::Site;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, postgres::PgRow};

/// A worker of the first release.
struct OldWorker {
    conn: PgConnection,
    id: String,
}

impl OldWorker {
    async fn begin(site: &Site) -> Self {
        let mut conn = PgConnection::connect(site.db.url()).await.expect("a connection");
        conn.execute("set role runboard_worker")
            .await
            .expect("the role of workers");
        let id = value(
            &mut conn,
            r#"select public.register_worker('{"name": "old", "host": "h", "pid": 1, "version": "0.1.0",
               "lanes": ["A", "B", "C", "D"], "kinds": ["shell", "api"], "slots": 4}')"#,
        )
        .await;
        Self { conn, id }
    }

    async fn call(&mut self, sql: &str) -> String {
        value(&mut self.conn, sql).await
    }

    /// Run and lease of what it claims.
    async fn claim(&mut self, want: usize) -> Vec<(String, i64)> {
        let rows = self
            .conn
            .fetch_all(AssertSqlSafe(format!(
                "select run_id, lease_seq, lane, action, template, params, scope, sheet_context, options, requested_by,
                   attempt, steps_done, deadline_at
                 from public.claim_runs('{}'::uuid, array['A', 'B', 'C', 'D'], {want})",
                self.id
            )))
            .await
            .expect("a claim");
        rows.iter().map(|row: &PgRow| (row.get(0), row.get(1))).collect()
    }
}

async fn value(conn: &mut PgConnection, sql: &str) -> String {
    let text = format!("select (select answer from ({sql}) as t (answer))::text");
    let answer: Option<String> = sqlx::query_scalar(AssertSqlSafe(text.as_str()))
        .fetch_one(conn)
        .await
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
    answer.unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_worker_does_its_work_on_the_new_schema() {
    let site = Site::new().await;
    let watch = site.watch().await;
    site.template(
        "plain",
        serde_json::json!([{"id": "a", "kind": "shell", "with": {"script": "true"}}]),
        serde_json::json!({}),
    )
    .await;
    site.enqueue("plain", 6, 0.0).await;
    let mut old = OldWorker::begin(&site).await;
    let claimed = old.claim(6).await;
    assert_eq!(claimed.len(), 6);
    let worker = old.id.clone();
    assert_eq!(
        old.call(&format!("select public.heartbeat_worker('{worker}'::uuid)"))
            .await,
        "ok"
    );

    let id = |at: usize| format!("'{}', {}", claimed[at].0, claimed[at].1);
    for call in [
        format!("public.heartbeat_run({})", id(0)),
        format!(
            "public.heartbeat_run({}, '{{\"done\": 1, \"total\": 2}}'::jsonb)",
            id(0)
        ),
        format!(
            r#"public.append_events({}, '[{{"seq": 1, "kind": "note", "message": "Hello."}}]')"#,
            id(0)
        ),
        format!("public.append_log({}, 'a', 1, 'a line')", id(0)),
        format!(
            r#"public.record_step({}, '{{"step": "a", "position": 0, "title": "A", "kind": "shell", "status": "success", "try": 1, "output": {{"x": 1}}}}')"#,
            id(0)
        ),
        format!(
            r#"public.put_artifact({}, '{{"name": "note", "kind": "text", "content_type": "text/plain", "inline_base64": "aGk="}}')"#,
            id(0)
        ),
        format!("public.complete_run({}, 'success', '{{\"answer\": 42}}', null)", id(0)),
    ] {
        assert_eq!(old.call(&format!("select {call}")).await, "ok", "{call}");
    }
    assert_eq!(
        old.call(&format!(
            "select public.complete_run({}, 'failed', null, '{{\"code\": \"x\"}}', true)",
            id(1)
        ))
        .await,
        "requeued"
    );
    // A release answers as the first one did, and the old lease is then lost.
    old.call(&format!("select public.release_run({})", id(2))).await;
    assert_eq!(
        old.call(&format!("select public.heartbeat_run({})", id(2))).await,
        "lost"
    );
    let (third, third_seq) = (&claimed[3].0, claimed[3].1);
    assert_eq!(
        old.call(&format!(
            r#"select public.write_runs('[{{"op": "beat", "run_id": "{third}", "lease_seq": {third_seq}}},
               {{"op": "log", "run_id": "{third}", "lease_seq": {third_seq}, "step": "a", "seq": 1, "lines": "x"}},
               {{"op": "complete", "run_id": "{third}", "lease_seq": {third_seq}, "status": "success"}}]')"#
        ))
        .await,
        r#"["ok", "ok", "ok"]"#
    );
    old.call(&format!(
        r#"select count(*) from public.complete_runs('[{{"run_id": "{}", "lease_seq": {}, "status": "success"}}]')"#,
        claimed[4].0, claimed[4].1
    ))
    .await;
    let held = old
        .call(&format!(
            r#"select count(*) from public.heartbeat_runs('[{{"run_id": "{}", "lease_seq": {}}}]')"#,
            claimed[5].0, claimed[5].1
        ))
        .await;
    assert_eq!(held, "1");
    old.call("select public.sweep_stuck_runs(100)").await;
    old.call(&format!("select public.drain_worker('{worker}'::uuid)")).await;
    assert_eq!(old.claim(5).await.len(), 0, "a drained worker takes nothing");
    old.call(&format!("select public.deregister_worker('{worker}'::uuid)"))
        .await;

    // A worker of today finishes what the old one gave back.
    let _today = site.fleet(1);
    site.settle().await;
    let report = site.conclude("old worker, new schema", 6, watch).await;
    assert_eq!(report.outcomes, "success 6");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verbs_of_the_first_release_steer_runs_of_today() {
    let site = Site::new().await;
    let watch = site.watch().await;
    let mut conn = PgConnection::connect(site.db.url()).await.expect("a connection");
    let enqueue = r#"select public.enqueue_run('{"template": "work", "params": {"seconds": "0"}}') ->> 'run_id'"#;
    let canceled = value(&mut conn, enqueue).await;
    value(&mut conn, "select public.pause_lane('B', 'for a look')").await;
    value(&mut conn, "select public.resume_lane('B')").await;
    value(&mut conn, &format!("select public.explain_wait('{canceled}')")).await;
    assert_eq!(
        value(
            &mut conn,
            &format!("select public.cancel_run('{canceled}', 'enough') ->> 'outcome'")
        )
        .await,
        "canceled"
    );
    // Retry first: afterwards it would join a rerun that waits.
    value(
        &mut conn,
        &format!("select public.retry_run('{canceled}') ->> 'run_id'"),
    )
    .await;
    value(
        &mut conn,
        &format!("select public.rerun_run('{canceled}', '{{}}') ->> 'run_id'"),
    )
    .await;
    value(
        &mut conn,
        &format!("select public.rerun_run('{canceled}', '{{}}', null) ->> 'run_id'"),
    )
    .await;
    value(
        &mut conn,
        r#"select count(*) from public.enqueue_runs('[{"template": "work"}, {"template": "work"}]')"#,
    )
    .await;
    let _fleet = site.fleet(1);
    site.settle().await;
    let report = site.conclude("verbs of the first release", 6, watch).await;
    assert_eq!(report.outcomes, "canceled 1 + success 5");
}
