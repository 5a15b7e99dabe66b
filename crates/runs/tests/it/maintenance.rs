//! The handlers of built-in work, run as a worker runs them.

use chrono::Duration;
use db::{
    Pool,
    pool::Session,
    queue::{self, ClaimedRun, Completion, WorkerSpec},
};
use domain::Role;
use futures::future::BoxFuture;
use runs::{
    actions::{ActionCall, ActionFailure, Handlers, Voice},
    bulk::{self, RunFilter, Selection, Wish},
    schedules,
};
use serde_json::{Value, json};
use std::sync::Mutex;
use testkit::TestDb;
use tokio_util::sync::CancellationToken;

/// Remembers how far the work said it had come; may stop it.
#[derive(Default)]
struct Ear {
    heard: Mutex<Vec<(u64, Option<u64>)>>,
    stop_after: Option<usize>,
    stop: CancellationToken,
}

impl Voice for Ear {
    fn log<'v>(&'v self, _: &'v str) -> BoxFuture<'v, ()> {
        Box::pin(async {})
    }
    fn event(&self, _: &'static str, _: String, _: Option<Value>) {}
    fn progress(&self, done: u64, total: Option<u64>, _: &str) {
        let mut heard = self.heard.lock().expect("nobody panicked");
        heard.push((done, total));
        if Some(heard.len()) == self.stop_after {
            self.stop.cancel();
        }
    }
}

async fn work(pool: &Pool, run: &ClaimedRun, ear: &Ear) -> Result<Value, ActionFailure> {
    let handlers = Handlers::builtin();
    let action = run.action.as_deref().expect("an action");
    let options = run.options.as_object().cloned().unwrap_or_default();
    let call = ActionCall {
        run_id: &run.run_id,
        lease_seq: run.lease_seq,
        attempt: run.attempt,
        step: "main",
        action,
        options: &options,
        scope: None,
        sheet_context: None,
        requested_by: &Value::Null,
        pool,
        stop: &ear.stop,
        voice: ear,
    };
    handlers.get(action).expect("a handler").run(call).await
}

async fn claim(pool: &Pool) -> ClaimedRun {
    let mut conn = pool.acquire().await.expect("a connection");
    let spec = WorkerSpec {
        name: "w".to_owned(),
        host: "host".to_owned(),
        pid: 1,
        version: "0".to_owned(),
        lanes: vec!["D".to_owned()],
        kinds: vec!["action".to_owned()],
        slots: 4,
    };
    let worker = queue::register_worker(&mut conn, &spec).await.expect("a worker");
    queue::claim_runs(&mut conn, worker, &["D".to_owned()], 1)
        .await
        .expect("a claim")
        .remove(0)
}

/// A bulk cancel of `count` queued runs of lane A.
async fn cancel_all(db: &TestDb, count: usize) {
    db.execute(&format!(
        r"select enqueue_runs((select jsonb_agg(jsonb_build_object('action', 'test.noop', 'lane', 'A')) from generate_series(1, {count})))"
    ))
    .await;
    let operator = super::enqueue::caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.expect("a scene");
    let selection = Selection::Filter {
        filter: RunFilter {
            status: Some(vec!["queued".to_owned()]),
            lane: vec!["A".to_owned()],
            ..RunFilter::default()
        },
        asked: json!({"status": "queued", "lane": "A"}),
        written: "status=queued&lane=A".to_owned(),
    };
    let preview = bulk::preview(&mut tx, &selection).await.expect("a preview");
    assert_eq!((preview.count, preview.sample.len()), (count as i64, 10));
    let wish = Wish {
        verb: "cancel".to_owned(),
        selection,
        changes: None,
        note: Some("No longer wanted".to_owned()),
        expected_count: Some(count as i64),
        idempotency_key: None,
    };
    bulk::create(&mut tx, &wish).await.expect("an operation");
    tx.commit().await.expect("a scene");
}

const COUNTS: &str =
    "select concat_ws(' ', status, preview_count, done_count, skipped_count, failed_count) from public.bulk_operations";

#[tokio::test]
async fn a_worker_does_a_bulk_operation_in_small_steps() {
    let db = TestDb::new().await;
    cancel_all(&db, 120).await;
    let pool = db.pool_as(Session::Worker);
    let run = claim(&pool).await;
    let ear = Ear::default();
    let answer = work(&pool, &run, &ear).await.expect("it ends");
    assert_eq!((&answer["done"], &answer["total"]), (&json!(120), &json!(120)));
    let heard = ear.heard.into_inner().expect("nobody panicked");
    assert_eq!(heard, [(50, Some(120)), (100, Some(120)), (120, Some(120))]);
    assert_eq!(db.value(COUNTS).await, "success 120 120 0 0");
}

#[tokio::test]
async fn a_stopped_bulk_operation_leaves_the_rest_alone() {
    let db = TestDb::new().await;
    cancel_all(&db, 120).await;
    let pool = db.pool_as(Session::Worker);
    let run = claim(&pool).await;
    let ear = Ear {
        stop_after: Some(1),
        ..Ear::default()
    };
    assert!(work(&pool, &run, &ear).await.is_err());
    let mut conn = db.pool().acquire().await.expect("a connection");
    let canceled = Completion {
        run_id: run.run_id.clone(),
        lease_seq: run.lease_seq,
        status: "canceled".to_owned(),
        result: None,
        error: None,
        retryable: false,
    };
    queue::complete_run(&mut conn, &canceled).await.expect("it is canceled");
    assert_eq!(bulk::settle(&mut conn).await.expect("it settles"), 1);
    assert_eq!(db.value(COUNTS).await, "canceled 120 50 70 0");
    let queued = "select count(*) from public.runs where status = 'queued' and lane = 'A'";
    assert_eq!(db.value(queued).await, "70");
}

#[tokio::test]
async fn dead_runs_are_found_until_somebody_starts_them_again() {
    let db = TestDb::new().await;
    db.execute(
        r#"select enqueue_runs('[{"action": "test.noop", "lane": "A"}, {"action": "test.noop", "lane": "A"}]')"#,
    )
    .await;
    db.execute("update public.runs set status = 'failed', reason = 'worker_lost', finished_at = clock_timestamp(); delete from runboard_internal.run_queue").await;
    let dead = RunFilter {
        dead: true,
        ..RunFilter::default()
    };
    let mut conn = db.pool().acquire().await.expect("a connection");
    let found = db::reads::matching_ids(&mut conn, &dead, 10).await.expect("a list");
    assert_eq!(found.len(), 2);
    queue::retry_run(&mut conn, &found[0]).await.expect("a retry");
    let left = db::reads::matching_ids(&mut conn, &dead, 10).await.expect("a list");
    assert_eq!(left, [found[1].clone()]);
}

#[tokio::test]
async fn the_daily_run_forgets_what_is_old() {
    let db = TestDb::new().await;
    db.execute(
        r#"select enqueue_run('{"action": "test.noop", "lane": "A"}'); select cancel_run(run_id) from public.runs"#,
    )
    .await;
    db.execute(r#"select save_retention('{"logs": 7, "events": 7, "runs": 7}')"#)
        .await;
    runs::schedules::tick(db.pool()).await.expect("it is planned");
    db.advance(Duration::days(9)).await;
    let ticked = runs::schedules::tick(db.pool()).await.expect("it is due");
    assert_eq!(ticked.run_ids.len(), 1);
    let pool = db.pool_as(Session::Worker);
    let run = claim(&pool).await;
    let answer = work(&pool, &run, &Ear::default()).await.expect("it ends");
    assert_eq!(answer["runs"], json!(1));
    assert_eq!(db.value("select count(*) from public.runs").await, "1");
}

#[tokio::test]
async fn maintenance_starts_by_itself_every_day_in_its_lane() {
    let db = TestDb::empty().await;
    db::migrate::run(db.pool()).await.unwrap();
    db.execute(r#"select save_retention('{"runs": 90, "logs": 30, "events": 30}')"#)
        .await;
    assert_eq!(schedules::tick(db.pool()).await.unwrap(), schedules::Ticked::default());
    db.advance(Duration::days(1)).await;
    assert_eq!(schedules::tick(db.pool()).await.unwrap().run_ids.len(), 2);
    assert_eq!(
        db.value("select string_agg(action || ' ' || lane || ' ' || title, ', ' order by action) from runs")
            .await,
        "artifacts.sweep D Artifact sweep, retention.apply D Retention"
    );
}
