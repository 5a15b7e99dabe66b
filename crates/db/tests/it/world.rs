//! A migrated database with the few things a queue test arranges: templates, runs, workers, callers.

use db::{
    DbError, PgConnection, Transaction,
    queue::{self, ClaimedRun, Enqueued, WorkerSpec},
};
use domain::{Claims, Role, Via};
use serde_json::{Value, json};
use std::ops::Deref;
use testkit::TestDb;
use uuid::Uuid;

/// The database of one test; everything [`TestDb`] can, it can.
pub(crate) struct World {
    db: TestDb,
}

impl Deref for World {
    type Target = TestDb;
    fn deref(&self) -> &TestDb {
        &self.db
    }
}

impl World {
    /// Four lanes, no runs, no workers.
    pub(crate) async fn new() -> Self {
        Self {
            db: TestDb::new().await,
        }
    }

    /// A connection that acts as the system.
    pub(crate) async fn conn(&self) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
        self.pool().acquire().await.unwrap()
    }

    /// A transaction of a person with `role`, whose subject and actor are `name`. Planners may start `test.…`.
    pub(crate) async fn person(&self, name: &str, role: Role) -> Transaction {
        let known = ["test.noop", "test.other"].map(|name| db::actions::KnownAction { name, role: "planner" });
        db::actions::keep(&mut *self.conn().await, &known).await.unwrap();
        let claims = Claims {
            subject: name.to_owned(),
            actor: format!("{name}@example.org"),
            role,
            via: Via::Browser,
            actions: None,
            spreadsheets: None,
        };
        db::pool::begin_as(self.pool(), &claims).await.unwrap()
    }

    /// Stores version 1 of a template with three `api` steps `a`, `b`, `c` and one required parameter `url`.
    pub(crate) async fn template(&self, slug: &str) {
        self.template_with(slug, json!({})).await;
    }

    /// The same, with fields of the definition replaced.
    pub(crate) async fn template_with(&self, slug: &str, fields: Value) {
        let mut definition = json!({
            "version": 1, "slug": slug, "title": format!("Template {slug}"), "lane": "B",
            "params": {
                "type": "object", "required": ["url"], "additionalProperties": false,
                "properties": {"url": {"type": "string"}, "times": {"type": "integer", "default": 3}},
            },
            "steps": [{"id": "a", "kind": "api"}, {"id": "b", "kind": "api"}, {"id": "c", "kind": "api"}],
            "policy": {"timeout_seconds": 300, "max_attempts": 3, "backoff": {"initial_seconds": 1.0, "factor": 2.0, "max_seconds": 300.0}},
        });
        for (name, value) in fields.as_object().unwrap() {
            definition[name] = value.clone();
        }
        sqlx::query(
            "with t as (
               insert into public.run_templates (slug, title, lane, latest_version)
               values ($1, $2 ->> 'title', $2 ->> 'lane', 1)
             )
             insert into public.run_template_versions (slug, version, definition, source) values ($1, 1, $2, '')",
        )
        .bind(slug)
        .bind(definition)
        .execute(self.pool())
        .await
        .unwrap();
    }

    /// Enqueues and answers in full.
    pub(crate) async fn try_enqueue(&self, spec: Value) -> Result<Enqueued, DbError> {
        queue::enqueue_run(&mut *self.conn().await, &spec).await
    }

    /// Enqueues a run of lane A; `fields` are added to the spec.
    pub(crate) async fn run(&self, fields: Value) -> String {
        let mut spec = json!({"action": "test.noop", "lane": "A"});
        for (name, value) in fields.as_object().unwrap() {
            spec[name] = value.clone();
        }
        self.try_enqueue(spec).await.unwrap().run_id
    }

    /// Registers a worker of every lane and kind with many slots.
    pub(crate) async fn worker(&self, name: &str) -> Uuid {
        self.worker_of(name, &["A", "B", "C", "D"], &["action", "api", "approval", "shell"])
            .await
    }

    /// Registers a worker of these lanes and kinds.
    pub(crate) async fn worker_of(&self, name: &str, lanes: &[&str], kinds: &[&str]) -> Uuid {
        let spec = WorkerSpec {
            name: name.to_owned(),
            host: "host".to_owned(),
            pid: 1,
            version: "0.0.0".to_owned(),
            lanes: lanes.iter().map(ToString::to_string).collect(),
            kinds: kinds.iter().map(ToString::to_string).collect(),
            slots: 50,
        };
        queue::register_worker(&mut *self.conn().await, &spec).await.unwrap()
    }

    /// Claims up to `want` runs of all lanes.
    pub(crate) async fn claim(&self, worker: Uuid, want: i32) -> Vec<ClaimedRun> {
        claim(&mut *self.conn().await, worker, want).await
    }

    /// Enqueues a run with `fields`, and a worker that holds it.
    pub(crate) async fn running(&self, fields: Value) -> ClaimedRun {
        self.run(fields).await;
        let worker = self.worker("w1").await;
        self.claim(worker, 1).await.remove(0)
    }

    /// A run of the steps `a` (api), `ok` (approval) and `b` (api) that waits at `ok`, as `wait` says; an
    /// operator may decide unless it says otherwise. Answers with the attempt that led to the wait.
    pub(crate) async fn waiting(&self, wait: Value) -> ClaimedRun {
        self.waiting_at(json!({}), wait).await
    }

    /// The same, with fields of the step `ok` replaced.
    pub(crate) async fn waiting_at(&self, step: Value, wait: Value) -> ClaimedRun {
        let mut gate = json!({"id": "ok", "kind": "approval"});
        for (name, value) in step.as_object().unwrap() {
            gate[name] = value.clone();
        }
        let steps = json!([{"id": "a", "kind": "api"}, gate, {"id": "b", "kind": "api"}]);
        self.template_with("gate", json!({"steps": steps, "params": {}})).await;
        let fields = json!({"action": null, "template": "gate", "lane": "B", "concurrency_key": "door"});
        let run = self.running(fields).await;
        self.step(&run, "a", 0, "success", json!(1)).await;
        self.step_of(&run, "ok", 1, "approval", "running").await;
        assert_eq!(self.suspend(&run, wait).await.unwrap(), "ok");
        run
    }

    /// Suspends a run at the step `ok`.
    pub(crate) async fn suspend(&self, run: &ClaimedRun, wait: Value) -> Result<String, DbError> {
        let mut whole = json!({"step": "ok", "kind": "approval", "role": "operator"});
        for (name, value) in wait.as_object().unwrap() {
            whole[name] = value.clone();
        }
        sqlx::query_scalar("select public.suspend_run($1, $2, $3)")
            .bind(&run.run_id)
            .bind(run.lease_seq)
            .bind(whole)
            .fetch_one(self.pool())
            .await
            .map_err(DbError::from)
    }

    /// In which of the places a run can stand it stands; exactly one for an open run, none for a final one.
    pub(crate) async fn places(&self, run_id: &str) -> String {
        let of = |place: &str| {
            format!("select '{place}' as place from runboard_internal.run_{place} where run_id = '{run_id}'")
        };
        let all = ["queue", "deferred", "leases", "waits"].map(of).join(" union all ");
        self.value(&format!(
            "select coalesce(string_agg(place, ' '), '') from ({all}) as p"
        ))
        .await
    }

    /// Ends an attempt.
    pub(crate) async fn complete(
        &self,
        run: &ClaimedRun,
        status: &str,
        error: Option<Value>,
        retryable: bool,
    ) -> String {
        sqlx::query_scalar("select public.complete_run($1, $2, $3, null, $4, $5)")
            .bind(&run.run_id)
            .bind(run.lease_seq)
            .bind(status)
            .bind(error)
            .bind(retryable)
            .fetch_one(self.pool())
            .await
            .unwrap()
    }

    /// Records a step of the run as this status.
    pub(crate) async fn step(
        &self,
        run: &ClaimedRun,
        step: &str,
        position: i32,
        status: &str,
        output: Value,
    ) -> String {
        let fields = json!({"step": step, "position": position, "title": step, "kind": "api", "status": status, "try": 1, "output": output});
        self.record(run, fields).await
    }

    /// Records a step of another kind, without an output.
    pub(crate) async fn step_of(
        &self,
        run: &ClaimedRun,
        step: &str,
        position: i32,
        kind: &str,
        status: &str,
    ) -> String {
        let fields =
            json!({"step": step, "position": position, "title": step, "kind": kind, "status": status, "try": 1});
        self.record(run, fields).await
    }

    async fn record(&self, run: &ClaimedRun, fields: Value) -> String {
        sqlx::query_scalar("select public.record_step($1, $2, $3)")
            .bind(&run.run_id)
            .bind(run.lease_seq)
            .bind(fields)
            .fetch_one(self.pool())
            .await
            .unwrap()
    }

    /// A JSON answer of the owner's query.
    pub(crate) async fn json(&self, sql: &str) -> Value {
        let text = self.value(sql).await;
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{sql} answered {text:?}"))
    }

    /// `status` and, after a slash, the reason.
    pub(crate) async fn state(&self, run_id: &str) -> String {
        self.value(&format!(
            "select concat_ws('/', status, reason) from runs where run_id = '{run_id}'"
        ))
        .await
    }

    /// Kinds of the run's events, in order.
    pub(crate) async fn events(&self, run_id: &str) -> String {
        self.value(&format!(
            "select string_agg(kind, ' ' order by seq) from run_events where run_id = '{run_id}' and lease_seq = 0"
        ))
        .await
    }

    /// Messages of the run's events, in order.
    pub(crate) async fn messages(&self, run_id: &str) -> String {
        self.value(&format!(
            "select string_agg(message, ' | ' order by seq) from run_events where run_id = '{run_id}' and lease_seq = 0"
        ))
        .await
    }

    /// Returns when some connection waits for a lock of another, or when none does for about a second.
    pub(crate) async fn until_somebody_waits(&self) {
        let waiting =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        for _ in 0..1000 {
            if self.value(waiting).await != "0" {
                return;
            }
        }
    }

    /// Recovers what is stuck.
    pub(crate) async fn sweep(&self) -> queue::Swept {
        queue::sweep_stuck_runs(&mut *self.conn().await, 100).await.unwrap()
    }
}

/// Claims up to `want` runs of all lanes on one connection.
pub(crate) async fn claim(conn: &mut PgConnection, worker: Uuid, want: i32) -> Vec<ClaimedRun> {
    let lanes = ["A", "B", "C", "D"].map(str::to_owned);
    queue::claim_runs(conn, worker, &lanes, want).await.unwrap()
}

/// The code and field of a refusal, such as `422 unknown_field parms`.
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, DbError>) -> String {
    match answer {
        Err(DbError::Refused {
            status, code, field, ..
        }) => match field {
            Some(field) => format!("{status} {code} {field}"),
            None => format!("{status} {code}"),
        },
        other => panic!("expected a refusal, got {other:?}"),
    }
}
