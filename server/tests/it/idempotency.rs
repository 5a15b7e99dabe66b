//! Two requests that mean one.

use crate::client::{TestServer, answer};
use domain::Role;
use serde_json::{Value, json};

async fn create(server: &TestServer, token: &str, mode: &str, name: &str) -> (u16, Value) {
    let request = server.client.post(server.url("/runs.create")).bearer_auth(token);
    let request = request
        .header("idempotency-key", "click-1")
        .header("idempotency-mode", mode);
    answer(
        request
            .json(&json!({"template": "greet", "params": {"name": name}}))
            .send()
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn the_same_key_and_body_answer_with_the_same_run() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let (first_status, first) = create(&server, &token, "return", "Ada").await;
    let (second_status, second) = create(&server, &token, "return", "Ada").await;
    assert_eq!((first_status, second_status), (201, 200));
    assert_eq!(first["run_id"], second["run_id"]);
    assert_eq!(server.db.value("select count(*) from public.runs").await, "1");
}

#[tokio::test]
async fn the_same_key_with_another_body_is_a_conflict_in_every_mode() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    create(&server, &token, "return", "Ada").await;
    for mode in ["return", "reject", "replace"] {
        assert_eq!(create(&server, &token, mode, "Grace").await.0, 409, "{mode}");
    }
    assert_eq!(create(&server, &token, "sometimes", "Ada").await.0, 422);
}

#[tokio::test]
async fn reject_refuses_a_repetition_and_replace_takes_its_place() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let (_, first) = create(&server, &token, "return", "Ada").await;
    assert_eq!(create(&server, &token, "reject", "Ada").await.0, 409);
    let (status, replaced) = create(&server, &token, "replace", "Ada").await;
    assert_eq!(status, 201, "{replaced}");
    assert_ne!(replaced["run_id"], first["run_id"]);
}

#[tokio::test]
async fn keys_of_different_callers_do_not_meet() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let (one, other) = (server.token(Role::Operator).await, server.token(Role::Admin).await);
    let (_, first) = create(&server, &one, "return", "Ada").await;
    let (status, second) = create(&server, &other, "return", "Grace").await;
    assert_eq!(status, 201, "{second}");
    assert_ne!(first["run_id"], second["run_id"]);
}
