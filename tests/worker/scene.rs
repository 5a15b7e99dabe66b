//! A database with quick clockwork, a template that leaves traces, and words to ask what happened.

use runboard_tests::fleet::WorkerProcess;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use testkit::TestDb;

/// Longest wait for anything a test expects.
const PATIENCE: Duration = Duration::from_secs(40);

/// One test's installation.
pub(crate) struct Scene {
    pub(crate) db: TestDb,
    folder: TempDir,
}

impl Scene {
    /// A database whose leases last 1.5 s.
    pub(crate) async fn new() -> Self {
        let db = TestDb::new().await;
        db.execute(
            "update runboard_internal.settings set value = case key when 'lease' then 1500 else 500 end
             where key in ('lease', 'heartbeat', 'sweep', 'backoff_initial')",
        )
        .await;
        Self {
            db,
            folder: tempfile::tempdir().expect("a scratch folder"),
        }
    }

    /// A folder for the traces that steps leave.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn worker(&self, name: &str) -> WorkerProcess {
        WorkerProcess::start(name, self.db.url(), &self.folder.path().join("secret.key"))
    }

    /// Saves a template of shell steps `(id, script)` and enqueues one run of it.
    pub(crate) async fn enqueue(&self, steps: &[(&str, String)], max_attempts: u32) -> String {
        let steps: Vec<_> = steps
            .iter()
            .map(|(id, script)| json!({"id": id, "kind": "shell", "with": {"script": script}}))
            .collect();
        let definition = json!({
            "version": 1, "slug": "scene", "title": "Scene", "lane": "B", "steps": steps,
            "policy": {"max_attempts": max_attempts, "backoff": {"initial_seconds": 0.1}},
        });
        let template: domain::Template = serde_json::from_value(definition).expect("a valid template");
        let definition = serde_json::to_string(&template.normalized())
            .expect("a template is JSON")
            .replace('\'', "''");
        self.db
            .execute(&format!(
                "insert into public.run_templates (slug, title, lane, latest_version) values ('scene', 'Scene', 'B', 1);
                 insert into public.run_template_versions (slug, version, definition, source)
                   values ('scene', 1, '{definition}', '')"
            ))
            .await;
        self.db
            .value(r#"select public.enqueue_run('{"template": "scene"}') ->> 'run_id'"#)
            .await
    }

    /// One value of the database as text, of the only run.
    pub(crate) async fn ask(&self, sql: &str) -> String {
        self.db.value(sql).await
    }

    /// Waits until `sql` answers `expected`.
    pub(crate) async fn until(&self, sql: &str, expected: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(sql).await;
            if answer == expected {
                return;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "waited for {expected:?} of {sql}, got {answer:?}\n{}",
                self.story().await
            );
            pause().await;
        }
    }

    /// Waits until a trace file exists.
    pub(crate) async fn until_trace(&self, name: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.folder().join(name).exists() {
            assert!(
                tokio::time::Instant::now() < deadline,
                "no trace {name}\n{}",
                self.story().await
            );
            pause().await;
        }
    }

    /// Lines of a trace file.
    pub(crate) fn trace(&self, name: &str) -> Vec<String> {
        std::fs::read_to_string(self.folder().join(name))
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// What happened, for a failing test.
    pub(crate) async fn story(&self) -> String {
        self.ask("select string_agg(kind || ': ' || message, E'\\n' order by at, seq) from public.run_events")
            .await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where these tests wait for other processes"
)]
pub(crate) async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}
