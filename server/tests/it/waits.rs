//! Runs that wait: who may decide, what a program outside may say, what a rerun may change.

use crate::client::TestServer;
use domain::Role;
use serde_json::{Value, json};

/// A server with a run that waits at `ok`, as `wait` says.
async fn waiting(wait: Value) -> (TestServer, String) {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let body = json!({"template": "greet", "params": {"name": "Ada"}});
    let (status, made) = server.post(&token, "/runs.create", body).await;
    assert_eq!(status, 201, "{made}");
    let run_id = made["run_id"].as_str().unwrap().to_owned();
    server.db.execute(r#"select register_worker('{"name": "w", "host": "h", "pid": 1, "version": "0", "lanes": ["A", "B", "C", "D"], "kinds": ["shell", "api"], "slots": 4}')"#).await;
    server
        .db
        .execute(&format!(
            "with held as (select c.run_id, c.lease_seq from workers as w cross join lateral claim_runs(w.worker_id, '{{A,B,C,D}}', 1) as c)
             select suspend_run(run_id, lease_seq, '{wait}') from held"
        ))
        .await;
    (server, run_id)
}

fn decision(run_id: &str, word: &str) -> Value {
    json!({"run_id": run_id, "step": "ok", "decision": word, "note": "fine"})
}

#[tokio::test]
async fn who_reaches_the_role_of_the_wait_decides_once() {
    let wait = json!({"step": "ok", "kind": "approval", "role": "operator", "message": "Ship it?"});
    let (server, run_id) = waiting(wait).await;
    let (operator, planner) = (server.token(Role::Operator).await, server.token(Role::Planner).await);
    let address = format!("/api/runs/{run_id}");
    for (token, may) in [(&operator, true), (&planner, false)] {
        let (_, run) = server.get(token, &address).await;
        assert_eq!(run["status"], "waiting");
        assert_eq!(
            (&run["waiting_for"]["message"], &run["waiting_for"]["may_approve"]),
            (&json!("Ship it?"), &json!(may))
        );
        assert_eq!(run["wait"]["reasons"][0]["code"], "waiting_for_approval");
    }
    let (status, refused) = server
        .post(&planner, "/runs.approve", decision(&run_id, "approve"))
        .await;
    assert_eq!(
        (status, refused["code"].as_str()),
        (403, Some("forbidden")),
        "{refused}"
    );
    let (status, decided) = server
        .post(&operator, "/runs.approve", decision(&run_id, "approve"))
        .await;
    assert_eq!((status, decided["status"].as_str()), (200, Some("queued")), "{decided}");
    let (_, again) = server
        .post(&operator, "/runs.approve", decision(&run_id, "approve"))
        .await;
    assert_eq!(again["decided_at"], decided["decided_at"]);
    let (status, opposite) = server
        .post(&operator, "/runs.approve", decision(&run_id, "reject"))
        .await;
    assert_eq!(
        (status, opposite["code"].as_str()),
        (409, Some("already_decided")),
        "{opposite}"
    );
    let (status, strange) = server
        .post(&operator, "/runs.approve", decision(&run_id, "maybe"))
        .await;
    assert_eq!(
        (status, strange["field"].as_str()),
        (422, Some("decision")),
        "{strange}"
    );
}

#[tokio::test]
async fn a_program_outside_needs_nothing_but_the_token() {
    let (server, run_id) = waiting(json!({"step": "ok", "kind": "callback"})).await;
    server
        .db
        .execute(&format!(
            "insert into runboard_internal.run_callbacks (token_sha256, run_id, step, opened_at) values (encode(sha256('word'), 'hex'), '{run_id}', 'ok', now())"
        ))
        .await;
    let ask = async |token: &str, body: Value| {
        let answer = server
            .client
            .post(server.url(&format!("/runs.callback/{token}")))
            .json(&body)
            .send()
            .await
            .unwrap();
        crate::client::answer(answer).await
    };
    let (status, unknown) = ask("guess", json!({})).await;
    assert_eq!(
        (status, unknown["code"].as_str()),
        (404, Some("unknown_callback")),
        "{unknown}"
    );
    let (status, answered) = ask("word", json!({"output": {"id": 7}})).await;
    assert_eq!(
        (status, answered["status"].as_str()),
        (200, Some("queued")),
        "{answered}"
    );
    let (status, other) = ask("word", json!({"output": {"id": 8}})).await;
    assert_eq!(
        (status, other["code"].as_str()),
        (409, Some("already_answered")),
        "{other}"
    );
}

#[tokio::test]
async fn an_operator_ends_a_wait_by_hand() {
    let (server, run_id) = waiting(json!({"step": "ok", "kind": "timer", "timeout_seconds": 3600})).await;
    let token = server.token(Role::Operator).await;
    let body = json!({"run_id": run_id, "outcome": {"output": 5}});
    let (status, resumed) = server.post(&token, "/runs.resume", body.clone()).await;
    assert_eq!((status, resumed["resumed"].as_bool()), (200, Some(true)), "{resumed}");
    let (_, again) = server.post(&token, "/runs.resume", body).await;
    assert_eq!(again["resumed"], false);
}

#[tokio::test]
async fn changed_parameters_of_a_rerun_fit_the_template() {
    let (server, run_id) = waiting(json!({"step": "ok", "kind": "callback"})).await;
    let token = server.token(Role::Operator).await;
    let body = json!({"run_id": run_id, "changes": {"params": {"name": null}}});
    let (status, refused) = server.post(&token, "/runs.rerun", body).await;
    assert_eq!(status, 422, "{refused}");
    let body = json!({"run_id": run_id, "changes": {"params": {"name": "Grace"}}});
    let (status, made) = server.post(&token, "/runs.rerun", body).await;
    assert_eq!(status, 201, "{made}");
    let (_, parent) = server.get(&token, &format!("/api/runs/{run_id}")).await;
    assert_eq!(parent["children"][0]["run_id"], made["run_id"]);
    let (_, child) = server
        .get(&token, &format!("/api/runs/{}", made["run_id"].as_str().unwrap()))
        .await;
    assert_eq!(child["parent"]["run_id"], json!(run_id));
}
