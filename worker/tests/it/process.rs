//! The binary as a process of its own: signals, sudden death.

use crate::stage::{Stage, all_end};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::process::{Child, Command, Stdio};

/// A worker process that is killed when the test ends.
pub(crate) struct Process(Child);

impl Process {
    fn start(stage: &Stage, name: &str) -> Self {
        Self::start_with(stage, name, &[])
    }

    /// The same with more of an environment.
    pub(crate) fn start_with(stage: &Stage, name: &str, environment: &[(&str, &str)]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_runboard-worker"))
            .args(["--lanes", "A,B", "--slots", "2", "--grace-seconds", "0", "--name", name])
            .env("DATABASE_URL", stage.db.url())
            .env("RUNBOARD_SECRET_KEY_FILE", stage.path("secret.key"))
            .env("RUNBOARD_SCRATCH", stage.path("scratch-of-processes"))
            .envs(environment.iter().copied())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Kills it without a word.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.0.wait().unwrap();
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.0.id().cast_signed()).unwrap(), signal).unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn sleeper(stage: &Stage) -> serde_json::Value {
    json!([{"id": "a", "kind": "shell", "with": {
        "script": "[ $RUNBOARD_ATTEMPT -ge 2 ] || { echo $$ > \"$1\"; sleep 300; }", "args": [stage.path("pids")],
    }}])
}

#[tokio::test]
async fn a_worker_asked_to_stop_gives_its_run_back_and_exits_well() {
    let stage = Stage::new().await;
    let mut worker = Process::start(&stage, "p1");
    stage.enqueue(sleeper(&stage)).await;
    let pids = stage.file("pids").await;
    worker.signal(Signal::TERM);
    assert!(worker.0.wait().unwrap().success());
    all_end(&pids).await;
    assert_eq!(
        stage.db.value("select status || ' ' || attempt from runs").await,
        "queued 0"
    );
}

#[tokio::test]
async fn what_a_killed_worker_left_running_is_killed_by_the_next_one() {
    let mut stage = Stage::new().await;
    let mut worker = Process::start(&stage, "p1");
    let policy = json!({"backoff": {"initial_seconds": 0.01}});
    let run = stage.enqueue_with(sleeper(&stage), policy, json!({})).await;
    let pids = stage.file("pids").await;
    worker.kill();
    assert!(
        crate::stage::is_alive(&pids),
        "a killed worker cannot take its processes along"
    );
    stage.db.advance(chrono::Duration::seconds(60)).await;
    let _next = Process::start(&stage, "p2");
    all_end(&pids).await;
    stage.ends(&run, "success").await;
}

#[tokio::test]
async fn an_empty_variable_counts_as_absent_and_allows_nothing() {
    let mut stage = Stage::new().await;
    let names = [
        "RUNBOARD_ALLOW_MOUNT",
        "RUNBOARD_ALLOW_ADDRESS",
        "RUNBOARD_ALLOW_PRIVATE_NETWORKS",
        "RUNBOARD_KINDS",
        "RUNBOARD_PREFETCH",
        "RUNBOARD_DOCKER_HOST",
        "RUNBOARD_ARTIFACTS",
        "RUNBOARD_LOG",
    ];
    let _worker = Process::start_with(&stage, "p1", &names.map(|name| (name, "")));
    let run = stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": "true"}}]))
        .await;
    stage.ends(&run, "success").await;
}
