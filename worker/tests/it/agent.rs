//! Agents behind the reference adapter of the documentation, as a process of its own.

use crate::stage::Stage;
use axum::{Json, Router, routing::any};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use worker::{
    Handle,
    steps::{NetworkPolicy, agent::Agent},
};

/// The adapter; ended with the test.
struct Adapter {
    process: Child,
    url: String,
}

impl Adapter {
    fn start() -> Self {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/agent_adapter.py");
        let mut process = Command::new("python3")
            .args([program, "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { process, url }
    }

    fn step(&self, input: &Value) -> Value {
        json!([{"id": "think", "kind": "agent", "with": {"adapter": self.url, "input": input}}])
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn work(stage: &Stage, name: &str) -> Handle {
    let policy = NetworkPolicy {
        allow_private: true,
        allowed: Vec::new(),
    };
    let mut worker = stage.worker(name);
    worker.config.grace = Duration::ZERO;
    worker.kinds = worker.kinds.with("agent", Agent::new(policy));
    worker.start().await.unwrap()
}

async fn count(stage: &Stage, run: &str, words: &str) -> usize {
    stage.log(run).await.matches(words).count()
}

#[tokio::test]
async fn an_agent_is_heard_while_it_works_and_leaves_what_it_made() {
    let mut stage = Stage::new().await;
    let adapter = Adapter::start();
    let _worker = work(&stage, "w1").await;
    stage.secret("TOKEN", "hunter2-hunter2").await;
    let input = json!({"count": 3, "echo": "{{ secrets.TOKEN }}"});
    let run = stage.enqueue(adapter.step(&input)).await;
    stage.ends(&run, "success").await;
    assert_eq!(
        stage.steps(&run, "output").await,
        r#"think {"echo": "***", "count": 3}"#
    );
    let log = stage.log(&run).await;
    assert!(log.contains("thought 1\nthought 2\nthought 3"), "{log}");
    let left = "select string_agg(name || ' ' || kind, ', ' order by name) from artifacts";
    assert_eq!(stage.db.value(left).await, "raw.json json, report.md markdown");
    assert_eq!(stage.db.value("select progress ->> 'done' from runs").await, "3");
    stage.shows_nowhere("hunter2").await;
}

#[tokio::test]
async fn a_worker_that_takes_over_attaches_to_the_work_that_goes_on() {
    let mut stage = Stage::new().await;
    let adapter = Adapter::start();
    let mut first = work(&stage, "w1").await;
    let run = stage.enqueue(adapter.step(&json!({"count": 40, "seconds": 0.1}))).await;
    let heard = "select exists (select from run_log_chunks where lines ~ 'thought 1')";
    stage.until(heard, "true").await;
    first.stop();
    first.stopped().await.unwrap();
    let _second = work(&stage, "w2").await;
    stage.ends(&run, "success").await;
    // Begun once and gone on with once; the second worker hears everything from the beginning.
    assert_eq!(count(&stage, &run, " began ").await, 1);
    assert_eq!(count(&stage, &run, " goes on with ").await, 1);
    assert_eq!(stage.steps(&run, "output ->> 'count'").await, "think -, think 40");
}

#[tokio::test]
async fn cancel_stops_the_agent_and_keeps_its_parts() {
    let mut stage = Stage::new().await;
    let adapter = Adapter::start();
    let _worker = work(&stage, "w1").await;
    let run = stage
        .enqueue(adapter.step(&json!({"count": 1000, "seconds": 0.05})))
        .await;
    stage
        .until(
            "select exists (select from run_log_chunks where lines ~ 'thought 2')",
            "true",
        )
        .await;
    stage.db.execute(&format!("select cancel_run('{run}')")).await;
    stage.ends(&run, "canceled").await;
    assert_eq!(count(&stage, &run, "The agent was told to stop.").await, 1);
    assert_eq!(stage.db.value("select name from artifacts").await, "part.txt");
}

#[tokio::test]
async fn what_an_agent_says_against_it_is_said_in_its_words() {
    let mut stage = Stage::new().await;
    let adapter = Adapter::start();
    let _worker = work(&stage, "w1").await;
    let policy = json!({"max_attempts": 1});
    let steps = adapter.step(&json!({"count": 1, "fail": "no idea"}));
    let run = stage.enqueue_with(steps, policy.clone(), json!({})).await;
    let wanted =
        r#"failed {"code": "agent_failed", "hint": "Ask for something else.", "step": "think", "message": "no idea"}"#;
    stage.ends(&run, wanted).await;
    let nowhere = json!([{"id": "think", "kind": "agent", "with": {"adapter": format!("{}/nowhere", adapter.url)}}]);
    let run = stage.enqueue_with(nowhere, policy, json!({})).await;
    stage.ends(&run, r#"failed {"code": "adapter_error""#).await;
}

#[tokio::test]
async fn an_adapter_without_a_stream_is_asked_until_the_end() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let mut stage = Stage::new().await;
    let router = Router::new()
        .route("/runs", any(|| async { Json(json!({"id": "1"})) }))
        .route(
            "/runs/1",
            any(|| async {
                let asked = ASKED.fetch_add(1, Ordering::SeqCst);
                let events = json!([{"seq": 1, "type": "log", "text": "hello"}, {"seq": 2, "type": "new kind"}]);
                let status = if asked < 2 { "running" } else { "success" };
                Json(json!({"status": status, "events": events, "output": 7}))
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let _worker = work(&stage, "w1").await;
    let steps = json!([{"id": "think", "kind": "agent", "with": {"adapter": url}}]);
    let run = stage.enqueue(steps).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.steps(&run, "output").await, r#"think {"value": 7}"#);
    assert_eq!(count(&stage, &run, "hello").await, 1);
}
