//! Reading and steering runs.

use crate::client::TestServer;
use db::{
    pool::Session,
    queue::{self, ArtifactBody, ClaimedRun, Completion, NewArtifact, WorkerSpec, Write, WriteOutcome},
};
use domain::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// A worker moved by hand.
pub(crate) struct Worker {
    pool: db::Pool,
    pub(crate) run: ClaimedRun,
    seq: i32,
}

impl Worker {
    /// Registers a worker and claims one run.
    pub(crate) async fn claim(server: &TestServer) -> Self {
        Self::claim_of(server, &["A", "B", "C", "D"]).await
    }

    /// The same of these lanes.
    pub(crate) async fn claim_of(server: &TestServer, lanes: &[&str]) -> Self {
        let pool = server.db.pool_as(Session::Worker);
        let mut conn = pool.acquire().await.unwrap();
        let lanes: Vec<String> = lanes.iter().map(ToString::to_string).collect();
        let spec = WorkerSpec {
            name: "test worker".to_owned(),
            host: "here".to_owned(),
            pid: 1,
            version: "0".to_owned(),
            lanes: lanes.clone(),
            kinds: ["shell", "api", "action"].map(str::to_owned).to_vec(),
            slots: 1,
        };
        let worker_id = queue::register_worker(&mut conn, &spec).await.unwrap();
        let run = queue::claim_runs(&mut conn, worker_id, &lanes, 1)
            .await
            .unwrap()
            .pop()
            .expect("a run is due");
        queue::write_runs(&mut conn, &[hint(&run.run_id)]).await.unwrap();
        drop(conn);
        Self { pool, run, seq: 0 }
    }

    async fn write(&mut self, write: Write) {
        let mut conn = self.pool.acquire().await.unwrap();
        let outcomes = queue::write_runs(&mut conn, &[hint(&self.run.run_id), write])
            .await
            .unwrap();
        assert_eq!(outcomes[1], WriteOutcome::Ok, "{outcomes:?}");
    }

    /// Prints one line.
    pub(crate) async fn print(&mut self, line: &str) {
        self.seq += 1;
        self.write(Write::Log {
            run_id: self.run.run_id.clone(),
            lease_seq: self.run.lease_seq,
            step: "say".to_owned(),
            seq: self.seq,
            lines: line.to_owned(),
            at: None,
            offsets_ms: None,
            streams: None,
        })
        .await;
    }

    /// Leaves a file behind.
    pub(crate) async fn leave(&mut self, name: &str, content_type: &str, base64: &str, size_bytes: i64) {
        self.write(Write::Artifact {
            run_id: self.run.run_id.clone(),
            lease_seq: self.run.lease_seq,
            artifact: NewArtifact {
                step: Some("say".to_owned()),
                name: name.to_owned(),
                kind: "file".to_owned(),
                content_type: content_type.to_owned(),
                size_bytes,
                sha256: "0".repeat(64),
                body: ArtifactBody::InlineBase64(base64.to_owned()),
            },
        })
        .await;
    }

    /// Ends the run well.
    pub(crate) async fn complete(&mut self) {
        self.write(Write::Complete(Completion {
            run_id: self.run.run_id.clone(),
            lease_seq: self.run.lease_seq,
            status: "success".to_owned(),
            result: Some(json!({"said": 1})),
            error: None,
            retryable: false,
        }))
        .await;
    }
}

fn hint(run_id: &str) -> Write {
    Write::Hint {
        runs: vec![run_id.to_owned()],
        logs: vec![run_id.to_owned()],
    }
}

pub(crate) async fn ready() -> (TestServer, String) {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Admin).await;
    (server, token)
}

pub(crate) async fn create(server: &TestServer, token: &str) -> String {
    let (status, run) = server
        .post(
            token,
            "/runs.create",
            json!({"template": "greet", "params": {"name": "Ada"}}),
        )
        .await;
    assert_eq!(status, 201, "{run}");
    run["run_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_run_is_read_with_everything_it_left() {
    let (server, token) = ready().await;
    let id = create(&server, &token).await;
    let mut worker = Worker::claim(&server).await;
    for line in ["one", "two", "three"] {
        worker.print(line).await;
    }
    worker.leave("page.html", "text/html", "PGI+aGk8L2I+", 9).await;
    worker.complete().await;
    let (_, run) = server.get(&token, &format!("/api/runs/{id}")).await;
    assert_eq!(
        (run["status"].as_str(), &run["result"]),
        (Some("success"), &json!({"said": 1})),
        "{run}"
    );
    assert_eq!(run["attempts"][0]["worker"], "test worker");
    let (_, events) = server.get(&token, &format!("/api/runs/{id}/events")).await;
    let kinds: Vec<_> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].clone())
        .collect();
    assert!(
        kinds.contains(&json!("queued")) && kinds.contains(&json!("success")),
        "{kinds:?}"
    );
    let (_, first) = server.get(&token, &format!("/api/runs/{id}/events?limit=1")).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, rest) = server
        .get(&token, &format!("/api/runs/{id}/events?cursor={cursor}"))
        .await;
    let paged = [&first["items"], &rest["items"]].map(|items| items.as_array().unwrap().clone());
    assert_eq!(
        (Value::Array(paged.concat()), &rest["next_cursor"]),
        (events["items"].clone(), &Value::Null)
    );
    let texts = async |query: &str| {
        let (status, lines) = server.get(&token, &format!("/api/runs/{id}/logs?{query}")).await;
        assert_eq!(status, 200, "{lines}");
        let lines = lines["items"].as_array().unwrap().clone();
        lines
            .iter()
            .map(|line| line["text"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts("tail=2").await, ["two", "three"]);
    assert_eq!(texts("from=1&lines=2").await, ["one", "two"]);
    assert_eq!(texts("q=thr").await, ["three"]);
    let whole = server
        .call(&token, Method::GET, &format!("/api/runs/{id}/logs.txt"), None)
        .await
        .text()
        .await
        .unwrap();
    assert_eq!(whole, "one\ntwo\nthree\n");
}

#[tokio::test]
async fn the_file_of_a_log_can_hold_only_the_lines_that_fit() {
    let (server, token) = ready().await;
    let id = create(&server, &token).await;
    let mut worker = Worker::claim(&server).await;
    for line in ["ERROR one", "fine", "WARN two\nthree"] {
        worker.print(line).await;
    }
    let file = async |query: &str| {
        let path = format!("/api/runs/{id}/logs.txt?{query}");
        let response = server.call(&token, Method::GET, &path, None).await;
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(file("level=error").await, (200, "ERROR one\n".to_owned()));
    assert_eq!(file("level=warn").await, (200, "ERROR one\nWARN two\n".to_owned()));
    assert_eq!(file("q=THR&step=say").await, (200, "three\n".to_owned()));
    assert_eq!(file("step=other").await, (200, String::new()));
    assert_eq!(file("level=loud").await.0, 422);
}

#[tokio::test]
async fn a_page_that_a_step_left_is_a_download() {
    let (server, token) = ready().await;
    let id = create(&server, &token).await;
    let mut worker = Worker::claim(&server).await;
    worker.leave("page.html", "text/html", "PGI+aGk8L2I+", 9).await;
    let (_, list) = server.get(&token, &format!("/api/runs/{id}/artifacts")).await;
    let artifact = list["items"][0]["artifact_id"].as_str().unwrap();
    let (_, view) = server.get(&token, &format!("/api/artifacts/{artifact}")).await;
    assert_eq!(view["name"], "page.html");
    let content = server
        .call(&token, Method::GET, &format!("/api/artifacts/{artifact}/content"), None)
        .await;
    assert_eq!(content.headers()["content-type"], "application/octet-stream");
    assert_eq!(content.headers()["x-content-type-options"], "nosniff");
    assert!(
        content.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    assert!(
        content.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    assert_eq!(content.bytes().await.unwrap(), "<b>hi</b>");
}

#[tokio::test]
async fn a_list_is_read_page_by_page_without_gap_or_repetition() {
    let (server, token) = ready().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(create(&server, &token).await);
    }
    made.reverse();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, page) = server.get(&token, &format!("/api/runs?limit=2{cursor}")).await;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|run| run["run_id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    let (_, none) = server.get(&token, "/api/runs?status=failed,canceled").await;
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn runs_are_canceled_retried_and_run_again() {
    let (server, token) = ready().await;
    let id = create(&server, &token).await;
    let (_, canceled) = server
        .post(&token, "/runs.cancel", json!({"run_id": id, "reason": "not now"}))
        .await;
    assert_eq!(
        (canceled["status"].as_str(), canceled["outcome"].as_str()),
        (Some("canceled"), Some("canceled")),
        "{canceled}"
    );
    let (_, again) = server.post(&token, "/runs.cancel", json!({"run_id": id})).await;
    assert_eq!(again["outcome"], "already_final");
    let (status, retried) = server.post(&token, "/runs.retry", json!({"run_id": id})).await;
    assert_eq!(status, 200, "{retried}");
    assert_ne!(retried["run_id"], json!(id));
    let changes = json!({"run_id": id, "changes": {"params": {"name": "Grace"}}});
    let (status, rerun) = server.post(&token, "/runs.rerun", changes).await;
    assert_eq!(status, 201, "{rerun}");
    let (_, read) = server
        .get(&token, &format!("/api/runs/{}", rerun["run_id"].as_str().unwrap()))
        .await;
    assert_eq!(
        (&read["params"], &read["parent_run_id"]),
        (&json!({"name": "Grace"}), &json!(id))
    );
}

#[tokio::test]
async fn a_planner_steers_only_runs_of_its_own() {
    let (server, admin) = ready().await;
    let id = create(&server, &admin).await;
    let planner = server.token(Role::Planner).await;
    let (status, problem) = server.post(&planner, "/runs.cancel", json!({"run_id": id})).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (403, Some("forbidden")),
        "{problem}"
    );
}

#[tokio::test]
async fn a_lane_is_paused_and_resumed() {
    let (server, token) = ready().await;
    let pause = server
        .call(
            &token,
            Method::POST,
            "/api/lanes/B/pause",
            Some(json!({"reason": "deploy"})),
        )
        .await;
    assert_eq!(pause.status(), 204);
    let lane = async || server.get(&token, "/api/lanes").await.1["items"][1].clone();
    assert_eq!(
        (&lane().await["name"], &lane().await["pause_reason"]),
        (&json!("B"), &json!("deploy"))
    );
    assert_eq!(
        server
            .call(&token, Method::POST, "/api/lanes/B/resume", None)
            .await
            .status(),
        204
    );
    assert_eq!(lane().await["paused_at"], Value::Null);
    assert_eq!(
        server
            .call(&token, Method::POST, "/api/lanes/Z/resume", None)
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn a_template_is_saved_from_yaml_and_refused_with_places() {
    let (server, token) = ready().await;
    let put = async |slug: &str, text: &'static str| {
        let request = server
            .client
            .put(server.url(&format!("/api/templates/{slug}")))
            .bearer_auth(&token);
        crate::client::answer(
            request
                .header("content-type", "application/yaml")
                .body(text)
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    let good = "version: 1\nslug: nap\ntitle: Nap\nsteps:\n  - { id: nap, kind: shell, with: { script: 'sleep 1' } }\n";
    assert_eq!(put("nap", good).await, (200, json!({"slug": "nap", "version": 1})));
    assert_eq!(put("nap", good).await.1["version"], 2);
    assert_eq!(put("other", good).await.0, 422);
    let (status, problem) = put("nap", "version: 1\nslug: nap\ntitle: Nap\nstepz: []\n").await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (422, Some("invalid_template")),
        "{problem}"
    );
    assert!(
        problem["problems"]
            .as_array()
            .unwrap()
            .iter()
            .any(|each| each["line"].is_u64()),
        "{problem}"
    );
    let (_, read) = server.get(&token, "/api/templates/nap?version=1").await;
    assert_eq!((&read["version"], &read["source"]), (&json!(1), &json!(good)));
}
