//! An installation with quick clockwork that faults are done to, and words to ask what became of it.

use crate::{
    audit::{Report, audit},
    fleet::{Launch, WorkerProcess},
    pause,
    watch::Watch,
};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};
use tempfile::TempDir;
use testkit::{OwnCluster, TestDb};

/// Longest wait for anything a scenario expects.
const PATIENCE: Duration = Duration::from_mins(1);

/// One scenario's installation.
pub struct Site {
    /// Its database.
    pub db: TestDb,
    /// Its own Postgres, when that is hurt as well.
    cluster: Option<OwnCluster>,
    folder: TempDir,
    faults: Mutex<Vec<SystemTime>>,
}

impl Site {
    /// On the shared test Postgres, with leases of 2 s.
    pub async fn new() -> Self {
        Self::with(TestDb::new().await, None).await
    }

    /// On a Postgres of its own, started with `settings` such as `-c max_connections=20`.
    pub async fn on_its_own_postgres(settings: &str) -> Self {
        let cluster = OwnCluster::start(settings);
        Self::with(cluster.database().await, Some(cluster)).await
    }

    async fn with(db: TestDb, cluster: Option<OwnCluster>) -> Self {
        let site = Self {
            db,
            cluster,
            folder: tempfile::tempdir().expect("a scratch folder"),
            faults: Mutex::new(Vec::new()),
        };
        site.set("lease", 2000).await;
        site.set("timeout_grace", 1000).await;
        for key in ["heartbeat", "sweep", "backoff_initial"] {
            site.set(key, 500).await;
        }
        let trace = site.trace_file().display().to_string();
        let script = format!("echo \"$RUNBOARD_RUN_ID $RUNBOARD_LEASE_SEQ\" >> {trace}; sleep \"$SECONDS_TO_WORK\"");
        site.template(
            "work",
            json!([{"id": "work", "kind": "shell", "with": {"script": script, "env": {"SECONDS_TO_WORK": "{{ params.seconds }}"}}}]),
            json!({}),
        )
        .await;
        site
    }

    /// The Postgres of this site.
    ///
    /// # Panics
    /// When it has none of its own.
    pub fn cluster(&self) -> &OwnCluster {
        self.cluster.as_ref().expect("this scenario has a Postgres of its own")
    }

    /// A folder for the traces that steps leave.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file with the keys of secrets.
    pub fn key_file(&self) -> std::path::PathBuf {
        self.folder.path().join("secret.key")
    }

    /// Where each execution of `work` leaves a line: run and lease.
    pub fn trace_file(&self) -> std::path::PathBuf {
        self.folder.path().join("trace")
    }

    /// Changes a number of the clockwork.
    pub async fn set(&self, key: &str, value: i32) {
        self.db
            .execute(&format!(
                "update runboard_internal.settings set value = {value} where key = '{key}'"
            ))
            .await;
    }

    /// Saves a template of lane B that takes `seconds`.
    ///
    /// # Panics
    /// When the definition is none.
    pub async fn template(&self, slug: &str, steps: Value, policy: Value) {
        let mut definition = json!({
            "version": 1, "slug": slug, "title": slug, "lane": "B", "steps": steps,
            "params": {"type": "object", "properties": {"seconds": {"type": "string", "default": "0"}}},
            "policy": {"max_attempts": 3, "timeout_seconds": 120, "backoff": {"initial_seconds": 0.2}},
        });
        for (name, value) in policy.as_object().into_iter().flatten() {
            definition["policy"][name] = value.clone();
        }
        let template: domain::Template = serde_json::from_value(definition).expect("a valid template");
        let definition = serde_json::to_string(&template.normalized())
            .expect("a template is JSON")
            .replace('\'', "''");
        self.db
            .execute(&format!(
                "insert into public.run_templates (slug, title, lane, latest_version) values ('{slug}', '{slug}', 'B', 1);
                 insert into public.run_template_versions (slug, version, definition, source)
                   values ('{slug}', 1, '{definition}', '')"
            ))
            .await;
    }

    /// Enqueues `count` runs of the template `slug` that take `seconds` each.
    pub async fn enqueue(&self, slug: &str, count: usize, seconds: f32) {
        for from in (0..count).step_by(500) {
            let size = (count - from).min(500);
            self.db
                .execute(&format!(
                    "select public.enqueue_runs((
                       select jsonb_agg(jsonb_build_object('template', '{slug}', 'params', jsonb_build_object('seconds', '{seconds}')))
                       from generate_series(1, {size})))"
                ))
                .await;
        }
    }

    /// Starts a worker.
    pub fn worker(&self, launch: &Launch) -> WorkerProcess {
        launch.start(self.db.url(), &self.key_file())
    }

    /// Starts so many workers, `w1` and so on.
    pub fn fleet(&self, count: usize) -> Vec<WorkerProcess> {
        (1..=count)
            .map(|number| self.worker(&Launch::named(&format!("w{number}"))))
            .collect()
    }

    /// Looks many times a second whether everything that must hold does hold.
    pub async fn watch(&self) -> Watch {
        Watch::start(self.db.url()).await
    }

    /// Remembers that something was broken just now.
    pub fn fault(&self) {
        self.faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(SystemTime::now());
    }

    /// One value of the database as text.
    pub async fn ask(&self, sql: &str) -> String {
        self.db.value(sql).await
    }

    /// Waits until `sql` answers `expected`.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn until(&self, sql: &str, expected: &str) {
        self.until_within(sql, expected, PATIENCE).await;
    }

    /// Waits until `sql` answers `expected`, at most for `patience`.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn until_within(&self, sql: &str, expected: &str, patience: Duration) {
        let deadline = Instant::now() + patience;
        loop {
            let answer = self.ask(sql).await;
            if answer == expected {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "waited for {expected:?} of {sql}, got {answer:?}\n{}",
                self.story().await
            );
            pause(50).await;
        }
    }

    /// Waits until every run has ended.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn settle(&self) {
        self.until("select count(*) from public.runs where finished_at is null", "0")
            .await;
    }

    /// The scenario is over: what the watch saw and what the ledger says, in one line; everything was
    /// enqueued `runs` times.
    pub async fn conclude(&self, scenario: &str, runs: usize, watch: Watch) -> Report {
        let seen = watch.stop().await;
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let report = audit(self, scenario, runs, seen, &faults).await;
        println!("{report}");
        report.assert_sound();
        report
    }

    /// What is open and what happened last, for a failing scenario.
    pub async fn story(&self) -> String {
        self.ask(
            "select string_agg(told, E'\\n') from (
               (select format('%s %s %s attempt %s, crashes %s', run_id, status, reason, attempt, crash_count) as told
                from public.runs where finished_at is null limit 10)
               union all
               (select format('%s %s: %s', at, kind, message) from public.run_events order by at desc, seq desc limit 30)) as t",
        )
        .await
    }
}
