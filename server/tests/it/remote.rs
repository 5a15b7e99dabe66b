//! Workers that speak HTTP.

use crate::client::TestServer;
use domain::{Claims, Role};
use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(40);

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where these tests wait for another process"
)]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

async fn until(server: &TestServer, sql: &str, expected: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = server.db.value(sql).await;
        if answer == expected {
            return;
        }
        let story = server
            .db
            .value("select string_agg(kind || ': ' || message, E'\\n' order by at, seq) from public.run_events")
            .await;
        assert!(
            Instant::now() < deadline,
            "waited for {expected:?} of {sql}, got {answer:?}\n{story}"
        );
        pause().await;
    }
}

/// The worker of the documentation; killed when dropped.
struct Example(Child);

impl Example {
    fn start(server: &TestServer, token: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/worker.py");
        let child = Command::new("python3")
            .arg(script)
            .env("RUNBOARD_URL", server.handle.url())
            .env("RUNBOARD_TOKEN", token)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        Self(child)
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) async fn save(server: &TestServer, slug: &str, script: &str, env: Value) {
    let by = Claims::command_line();
    let source = json!({
        "version": 1, "slug": slug, "title": slug, "lane": "B",
        "steps": [{"id": "say", "kind": "shell", "with": {"script": script, "env": env}}],
        "policy": {"max_attempts": 3, "backoff": {"initial_seconds": 0.1}},
    });
    let services = server.handle.services();
    let mut tx = services.begin(&by).await.unwrap();
    runs::template::save(&mut tx, &by, &source.to_string()).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn start(server: &TestServer, slug: &str) -> String {
    let token = server.token(Role::Operator).await;
    let (status, run) = server.post(&token, "/runs.create", json!({"template": slug})).await;
    assert_eq!(status, 201, "{run}");
    run["run_id"].as_str().unwrap().to_owned()
}

pub(crate) async fn register(server: &TestServer, token: &str) -> String {
    let body = json!({"name": "w", "lanes": ["A", "B"], "kinds": ["shell", "api"], "slots": 2});
    let (status, answer) = server.post(token, "/workers.register", body).await;
    assert_eq!(status, 201, "{answer}");
    answer["worker_id"].as_str().unwrap().to_owned()
}

pub(crate) async fn claim(server: &TestServer, token: &str, worker: &str) -> Value {
    let (status, answer) = server
        .post(token, "/runs.claim", json!({"worker_id": worker, "want": 1}))
        .await;
    assert_eq!(status, 200, "{answer}");
    answer["items"][0].clone()
}

fn lease(run: &Value) -> Value {
    json!({"run_id": run["run_id"], "lease_seq": run["lease_seq"]})
}

async fn outcome(server: &TestServer, token: &str, path: &str, run: &Value, fields: Value) -> String {
    let mut item = lease(run);
    for (name, value) in fields.as_object().unwrap() {
        item[name] = value.clone();
    }
    let (status, answer) = server.post(token, path, json!({"items": [item]})).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer["items"][0]["outcome"].as_str().unwrap().to_owned()
}

async fn quick_clockwork(server: &TestServer) {
    server
        .db
        .execute(
            "update runboard_internal.settings set value = case key when 'lease' then 1500 else 500 end
             where key in ('lease', 'heartbeat', 'sweep')",
        )
        .await;
}

#[tokio::test]
async fn the_worker_of_the_documentation_finishes_a_run() {
    let server = TestServer::start().await;
    let token = server.token(Role::Worker).await;
    save(&server, "talk", "echo hello $NAME; echo bye", json!({"NAME": "Ada"})).await;
    let _worker = Example::start(&server, &token);
    let run = start(&server, "talk").await;
    until(&server, "select status from public.runs", "success").await;
    let viewer = server.token(Role::Viewer).await;
    let (_, steps) = server.get(&viewer, &format!("/api/runs/{run}/steps")).await;
    assert_eq!(steps["items"][0]["status"], "success", "{steps}");
    let (_, log) = server.get(&viewer, &format!("/api/runs/{run}/logs.txt")).await;
    assert_eq!(log, "hello Ada\nbye\n");
}

#[tokio::test]
async fn the_run_of_a_killed_worker_goes_on_with_another() {
    let server = TestServer::start().await;
    quick_clockwork(&server).await;
    let token = server.token(Role::Worker).await;
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "cd {}; [ -e seen ] && exit 0; touch seen; sleep 60",
        folder.path().display()
    );
    save(&server, "slow", &script, json!({})).await;
    let first = Example::start(&server, &token);
    start(&server, "slow").await;
    until(
        &server,
        "select count(*) from public.run_steps where status = 'running'",
        "1",
    )
    .await;
    drop(first);
    let _second = Example::start(&server, &token);
    until(&server, "select status || attempt from public.runs", "success2").await;
    assert_eq!(server.db.value("select crash_count from public.runs").await, "1");
}

#[tokio::test]
async fn the_worker_of_the_documentation_stops_what_it_lost() {
    let server = TestServer::start().await;
    quick_clockwork(&server).await;
    let token = server.token(Role::Worker).await;
    save(&server, "slow", "sleep 60", json!({})).await;
    let mut worker = Example::start(&server, &token);
    start(&server, "slow").await;
    until(
        &server,
        "select count(*) from public.run_steps where status = 'running'",
        "1",
    )
    .await;
    // Another worker was given the run: the first one's number is not the lease any more.
    server
        .db
        .execute("update runboard_internal.run_leases set lease_seq = nextval('runboard_internal.lease_seq'), expires_at = clock_timestamp() + interval '1 hour'")
        .await;
    let output = worker.0.stdout.take().unwrap();
    let read = move || {
        use std::io::BufRead;
        std::io::BufReader::new(output).lines().next().unwrap().unwrap()
    };
    let line = tokio::task::spawn_blocking(read).await.unwrap();
    assert!(line.ends_with("is lost: stopped and discarded"), "{line}");
    assert_eq!(server.db.value("select status from public.runs").await, "running");
}

#[tokio::test]
async fn a_waiting_claim_is_woken_by_the_run_it_waits_for() {
    let server = TestServer::start().await;
    save(&server, "talk", "true", json!({})).await;
    let token = server.token(Role::Worker).await;
    let worker = register(&server, &token).await;
    let body = json!({"worker_id": worker, "want": 1, "wait_seconds": 20});
    let begun = Instant::now();
    let (answer, run) = tokio::join!(server.post(&token, "/runs.claim", body), async {
        until(
            &server,
            "select count(*) from public.workers where heartbeat_at > started_at",
            "1",
        )
        .await;
        start(&server, "talk").await
    });
    assert_eq!(answer.1["items"][0]["run_id"], json!(run), "{answer:?}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_token_reaches_only_the_leases_of_its_own_workers() {
    let server = TestServer::start().await;
    save(&server, "talk", "true", json!({})).await;
    let (mine, other) = (server.token(Role::Worker).await, server.token(Role::Worker).await);
    let worker = register(&server, &mine).await;
    start(&server, "talk").await;
    let run = claim(&server, &mine, &worker).await;
    for (path, fields) in [
        ("/runs.heartbeat", json!({})),
        ("/runs.release", json!({})),
        ("/runs.complete", json!({"status": "success"})),
        (
            "/events.append",
            json!({"events": [{"seq": 1, "kind": "note", "message": "x"}]}),
        ),
        ("/logs.append", json!({"step": "say", "seq": 1, "lines": "x"})),
        (
            "/steps.record",
            json!({"step": "say", "position": 0, "kind": "shell", "status": "running"}),
        ),
        (
            "/artifacts.put",
            json!({"name": "a", "kind": "text", "content_base64": "aGk="}),
        ),
    ] {
        assert_eq!(outcome(&server, &other, path, &run, fields).await, "lost", "{path}");
    }
    assert_eq!(server.post(&other, "/secrets.get", lease(&run)).await.0, 409);
    for path in ["/workers.heartbeat", "/workers.drain", "/workers.deregister"] {
        assert_eq!(
            server.post(&other, path, json!({"worker_id": worker})).await.0,
            404,
            "{path}"
        );
    }
    assert_eq!(
        server
            .post(&other, "/runs.claim", json!({"worker_id": worker, "want": 1}))
            .await
            .0,
        404
    );
    assert_eq!(
        outcome(&server, &mine, "/runs.complete", &run, json!({"status": "success"})).await,
        "ok"
    );
    assert_eq!(
        outcome(&server, &mine, "/runs.complete", &run, json!({"status": "success"})).await,
        "lost"
    );
}

#[tokio::test]
async fn a_lease_gets_the_secrets_its_template_names_and_what_it_says_hides_them() {
    let server = TestServer::start().await;
    let services = server.handle.services();
    let mut tx = services.begin(&Claims::command_line()).await.unwrap();
    for (name, value) in [("API_KEY", "hunter2222"), ("OTHER", "not for you")] {
        let sealed = services.key().seal(name, value).unwrap();
        runs::secrets::put(&mut tx, services.now(), &Claims::command_line(), &sealed)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    save(&server, "keyed", "echo $KEY", json!({"KEY": "{{ secrets.API_KEY }}"})).await;
    let token = server.token(Role::Worker).await;
    let worker = register(&server, &token).await;
    start(&server, "keyed").await;
    let run = claim(&server, &token, &worker).await;
    let (status, given) = server.post(&token, "/secrets.get", lease(&run)).await;
    assert_eq!((status, given), (200, json!({"secrets": {"API_KEY": "hunter2222"}})));
    let line = json!({"step": "say", "seq": 1, "lines": "key=hunter2222"});
    assert_eq!(outcome(&server, &token, "/logs.append", &run, line).await, "ok");
    let artifact = json!({"name": "a.txt", "kind": "text", "content_base64": "aHVudGVyMjIyMg=="});
    assert_eq!(outcome(&server, &token, "/artifacts.put", &run, artifact).await, "ok");
    let end = json!({"status": "failed", "error": {"code": "x", "message": "hunter2222 was refused"}});
    assert_eq!(outcome(&server, &token, "/runs.complete", &run, end).await, "ok");
    assert_eq!(server.post(&token, "/secrets.get", lease(&run)).await.0, 409);
    let said = server
        .db
        .value("select (select lines from public.run_log_chunks) || (select error ->> 'message' from public.runs) || (select convert_from(inline, 'utf8') from public.artifacts)")
        .await;
    assert_eq!(said, "key=****** was refused***");
}

#[tokio::test]
async fn a_run_waits_for_a_person_and_comes_back() {
    let server = TestServer::start().await;
    save(&server, "talk", "true", json!({})).await;
    let token = server.token(Role::Worker).await;
    let worker = register(&server, &token).await;
    start(&server, "talk").await;
    let run = claim(&server, &token, &worker).await;
    let mut wait = lease(&run);
    wait["step"] = json!("say");
    wait["kind"] = json!("approval");
    assert_eq!(server.post(&token, "/runs.suspend", wait.clone()).await.0, 422);
    wait["role"] = json!("operator");
    let (status, answer) = server.post(&token, "/runs.suspend", wait.clone()).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("ok")), "{answer}");
    assert_eq!(server.db.value("select status from public.runs").await, "waiting");
    assert_eq!(server.post(&token, "/runs.suspend", wait).await.1["outcome"], "lost");
}

#[tokio::test]
async fn a_failed_attempt_goes_back_and_a_bad_item_blocks_no_other() {
    let server = TestServer::start().await;
    save(&server, "talk", "true", json!({})).await;
    let token = server.token(Role::Worker).await;
    let worker = register(&server, &token).await;
    start(&server, "talk").await;
    let run = claim(&server, &token, &worker).await;
    let mut good = lease(&run);
    good["step"] = json!("say");
    good["seq"] = json!(1);
    good["lines"] = json!("kept");
    let mut bad = good.clone();
    bad["seq"] = json!(2);
    bad["lines"] = json!("x".repeat(70_000));
    let (_, answer) = server.post(&token, "/logs.append", json!({"items": [bad, good]})).await;
    assert_eq!(
        (&answer["items"][0]["outcome"], &answer["items"][1]["outcome"]),
        (&json!("refused"), &json!("ok")),
        "{answer}"
    );
    let end = json!({"status": "failed", "retryable": true, "error": {"code": "x", "message": "y"}});
    assert_eq!(outcome(&server, &token, "/runs.complete", &run, end).await, "requeued");
}
