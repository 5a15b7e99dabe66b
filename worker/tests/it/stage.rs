//! The stage of a test: a database, a worker on it, and somebody who watches runs.

use db::{
    listener::{Listener, ListenerConfig},
    pool::{self, Session},
    queue,
};
use domain::Claims;
use runs::{
    actions::Handlers,
    artifacts::{Store, StoreSettings},
    secrets::SecretKey,
    template,
};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc, time::Duration};
use testkit::TestDb;
use tokio::time::timeout;
use worker::{
    Config, Handle, Worker,
    scratch::Scratch,
    steps::{
        Kinds,
        action::Action,
        api::{Api, NetworkPolicy},
        approval::Approval,
        shell::Shell,
    },
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A database and what workers on it need.
pub(crate) struct Stage {
    pub(crate) db: TestDb,
    pub(crate) key: SecretKey,
    pub(crate) files: tempfile::TempDir,
    listener: Listener,
}

impl Stage {
    /// An empty stage with a quick clockwork.
    pub(crate) async fn new() -> Self {
        // What the worker logs is shown with a test that fails.
        let _ = tracing_subscriber::fmt()
            .with_test_writer()
            .with_env_filter("worker=debug,db=info")
            .try_init();
        let db = TestDb::new().await;
        db.execute("update runboard_internal.settings set value = 100 where key in ('heartbeat', 'sweep')")
            .await;
        db.execute("update runboard_internal.settings set value = 10 where key = 'backoff_initial'")
            .await;
        let listener = Listener::start(ListenerConfig::new(db.url())).unwrap();
        let mut stage = Self {
            db,
            key: SecretKey::random(),
            files: tempfile::tempdir().unwrap(),
            listener,
        };
        stage.listener.next().await;
        stage
    }

    /// A worker for all lanes that does not start by itself.
    pub(crate) fn worker(&self, name: &str) -> Worker {
        let lanes = ["A", "B", "C", "D"].map(|lane| lane.parse().unwrap()).to_vec();
        let scratch = Scratch::new(&self.path("scratch")).unwrap();
        Worker {
            config: Config {
                kill_grace: Duration::from_millis(500),
                poll_every: Duration::from_millis(200),
                store: Some(self.store()),
                ..Config::new(name, lanes, 4)
            },
            pool: self.db.pool_as(Session::Worker),
            key: self.key.clone().into(),
            kinds: Kinds::none()
                .with("shell", Shell::new(Arc::new(scratch)))
                .with("action", Action::new(Handlers::builtin()))
                .with("approval", Approval)
                .with("api", Api::new(NetworkPolicy::default())),
            listener: Some(Listener::start(ListenerConfig::new(self.db.url())).unwrap()),
        }
    }

    /// The object store of this test.
    pub(crate) fn store(&self) -> Store {
        Store::open(&StoreSettings::directory(&self.path("store"))).unwrap()
    }

    /// A worker at work.
    pub(crate) async fn work(&self) -> Handle {
        self.worker("w1").start().await.unwrap()
    }

    /// A file of this test that scripts may write.
    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.files.path().join(name)
    }

    /// Stores a secret.
    pub(crate) async fn secret(&self, name: &str, value: &str) {
        let now = db::clock::Clock::system().now();
        let mut conn = self.db.pool().acquire().await.unwrap();
        let sealed = self.key.seal(name, value).unwrap();
        db::secrets::put(&mut conn, now, &sealed, None).await.unwrap();
    }

    /// Checks that no table of runs holds `words`.
    pub(crate) async fn shows_nowhere(&self, words: &str) {
        for table in ["runs", "run_steps", "run_events", "run_log_chunks", "run_attempts"] {
            let sql = format!("select count(*) from {table} as t where t::text ~ '{words}'");
            assert_eq!(self.db.value(&sql).await, "0", "{table}");
        }
        let sql = format!("select count(*) from artifacts where encode(inline, 'escape') ~ '{words}'");
        assert_eq!(self.db.value(&sql).await, "0", "artifacts");
    }

    /// Saves a template of these steps and enqueues a run of it.
    pub(crate) async fn enqueue(&self, steps: Value) -> String {
        self.enqueue_with(steps, json!({}), json!({})).await
    }

    /// The same with a policy and parameters.
    pub(crate) async fn enqueue_with(&self, steps: Value, policy: Value, params: Value) -> String {
        let source = json!({
            "version": 1, "slug": "test", "title": "Test", "steps": steps, "policy": policy,
            "params": {"additionalProperties": true},
        });
        self.enqueue_source(&source.to_string(), params).await
    }

    /// Saves a template as a person wrote it and enqueues a run of it.
    pub(crate) async fn enqueue_source(&self, source: &str, params: Value) -> String {
        let mut tx = pool::begin_as(self.db.pool(), &Claims::command_line()).await.unwrap();
        let saved = template::save(&mut tx, &Claims::command_line(), source).await.unwrap();
        tx.commit().await.unwrap();
        self.enqueue_saved(&saved.template.slug, params).await
    }

    /// Enqueues a run of a stored template.
    pub(crate) async fn enqueue_saved(&self, slug: &str, params: Value) -> String {
        let mut conn = self.db.pool().acquire().await.unwrap();
        let spec = json!({"template": slug, "params": params});
        queue::enqueue_run(&mut conn, &spec).await.unwrap().run_id
    }

    /// Enqueues a run as `spec` says.
    pub(crate) async fn enqueue_spec(&self, spec: Value) -> String {
        let mut conn = self.db.pool().acquire().await.unwrap();
        queue::enqueue_run(&mut conn, &spec).await.unwrap().run_id
    }

    /// Waits until `sql` answers `wanted`; looks again at every hint.
    pub(crate) async fn until(&mut self, sql: &str, wanted: &str) {
        let began = std::time::Instant::now();
        loop {
            let found = self.db.value(sql).await;
            if found == wanted {
                return;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{sql} answers {found:?} and never {wanted:?}"
            );
            let _ = timeout(Duration::from_millis(100), self.listener.next()).await;
        }
    }

    /// Waits until a run has ended so.
    pub(crate) async fn ends(&mut self, run_id: &str, status: &str) {
        let sql = format!(
            "select case when finished_at is not null then status || coalesce(' ' || (error - 'trace_id')::text, '') end from runs where run_id = '{run_id}'"
        );
        let began = std::time::Instant::now();
        loop {
            let found = self.db.value(&sql).await;
            if !found.is_empty() {
                assert!(
                    found.starts_with(status),
                    "{run_id} ended as {found}, not as {status}\n{}",
                    self.log(run_id).await
                );
                return;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{run_id} does not end\n{}",
                self.log(run_id).await
            );
            let _ = timeout(Duration::from_millis(100), self.listener.next()).await;
        }
    }

    /// Everything a run printed, with streams.
    pub(crate) async fn log(&self, run_id: &str) -> String {
        let sql = format!(
            "select string_agg(lines, E'\\n' order by lease_seq, seq) from run_log_chunks where run_id = '{run_id}'"
        );
        self.db.value(&sql).await
    }

    /// One column of the steps of a run, in order.
    pub(crate) async fn steps(&self, run_id: &str, column: &str) -> String {
        let sql = format!(
            "select string_agg(step || ' ' || coalesce(({column})::text, '-'), ', ' order by lease_seq, position) from run_steps where run_id = '{run_id}'"
        );
        self.db.value(&sql).await
    }

    /// Kinds of the events of a run in order of their writing.
    pub(crate) async fn events(&self, run_id: &str) -> String {
        let sql = format!(
            "select string_agg(kind, ' ' order by at, lease_seq desc, seq) from run_events where run_id = '{run_id}'"
        );
        self.db.value(&sql).await
    }

    /// Waits until a script has written a file, and reads it.
    pub(crate) async fn file(&self, name: &str) -> String {
        let began = std::time::Instant::now();
        loop {
            if let Ok(text) = std::fs::read_to_string(self.path(name))
                && text.ends_with('\n')
            {
                return text;
            }
            assert!(began.elapsed() < PATIENCE, "{name} is never written");
            let _ = timeout(Duration::from_millis(20), std::future::pending::<()>()).await;
        }
    }
}

/// Whether a process works; a corpse does not.
pub(crate) fn is_alive(pid: &str) -> bool {
    std::fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat")).is_ok_and(|stat| {
        !matches!(
            stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next()),
            Some('Z' | 'X')
        )
    })
}

/// Waits until none of these processes works any more.
pub(crate) async fn all_end(pids: &str) {
    let began = std::time::Instant::now();
    while let Some(pid) = pids.split_whitespace().find(|pid| is_alive(pid)) {
        assert!(began.elapsed() < PATIENCE, "process {pid} lives on");
        let _ = timeout(Duration::from_millis(20), std::future::pending::<()>()).await;
    }
}
