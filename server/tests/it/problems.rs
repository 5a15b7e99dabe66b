//! How the server says no.

use crate::client::{TestServer, answer};
use domain::Role;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_refused_body_names_the_field_and_what_is_wrong() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let cases = [
        (
            json!({"template": "greet", "prams": {}}),
            422,
            "unknown_field",
            Some("prams"),
        ),
        (
            json!({"template": "greet", "priority": "high"}),
            422,
            "invalid_body",
            Some("priority"),
        ),
        (
            json!({"template": "greet", "requested_by": {"ui": "x", "who": "y"}}),
            422,
            "unknown_field",
            Some("requested_by.who"),
        ),
        (
            json!({"template": "greet", "params": {}}),
            422,
            "invalid_params",
            Some("params.name"),
        ),
        (
            json!({"template": "greet", "params": {"name": 3}}),
            422,
            "invalid_params",
            Some("params.name"),
        ),
        (
            json!({"template": "nothing"}),
            422,
            "unknown_template",
            Some("template"),
        ),
        (
            json!({"template": "greet", "params": {"name": "x"}, "lane": "Z"}),
            422,
            "unknown_lane",
            Some("lane"),
        ),
        (json!({}), 422, "invalid", Some("template")),
    ];
    for (body, status, code, field) in cases {
        let response = server
            .call(&token, Method::POST, "/runs.create", Some(body.clone()))
            .await;
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{body}");
        let (answered, problem) = answer(response).await;
        assert_eq!(
            (answered, problem["code"].as_str(), problem["field"].as_str()),
            (status, Some(code), field),
            "{body}: {problem}"
        );
        for key in ["type", "title", "status", "detail"] {
            assert!(!problem[key].is_null(), "{body} has no {key}: {problem}");
        }
    }
}

#[tokio::test]
async fn what_is_no_json_or_too_large_or_elsewhere_is_a_problem_too() {
    let server = TestServer::start().await;
    let token = server.token(Role::Admin).await;
    let post = async |content_type: &str, body: String| {
        let request = server.client.post(server.url("/runs.create")).bearer_auth(&token);
        let (status, problem) = answer(
            request
                .header("content-type", content_type)
                .body(body)
                .send()
                .await
                .unwrap(),
        )
        .await;
        (status, problem["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(
        post("application/json", "{".to_owned()).await,
        (400, "malformed_json".to_owned())
    );
    assert_eq!(
        post("text/plain", "{}".to_owned()).await,
        (415, "unsupported_media_type".to_owned())
    );
    assert_eq!(
        post("application/json", " ".repeat(2_000_000)).await,
        (413, "too_large".to_owned())
    );
    let (status, problem) = answer(server.call(&token, Method::DELETE, "/api/runs", None).await).await;
    assert_eq!((status, problem["code"].as_str()), (405, Some("method_not_allowed")));
    let (status, problem) = server.get(&token, "/api/nothing").await;
    assert_eq!((status, problem["code"].as_str()), (404, Some("no_such_address")));
    let (status, problem) = server.get(&token, "/api/runs?stauts=failed").await;
    assert_eq!((status, problem["field"].as_str()), (422, Some("stauts")), "{problem}");
    let (status, problem) = server.get(&token, "/api/runs/run_20260114_093012_k3v7q2xw").await;
    assert_eq!((status, problem["code"].as_str()), (404, Some("not_found")));
    assert_eq!(server.get(&token, "/api/runs/no-run-id").await.0, 404);
}

#[tokio::test]
async fn a_database_that_is_gone_is_said_without_its_internals() {
    let server = TestServer::start().await;
    let token = server.token(Role::Viewer).await;
    server.handle.services().pool().close().await;
    let (status, problem) = server.get(&token, "/api/runs").await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (503, Some("database_unavailable")),
        "{problem}"
    );
    assert!(problem["trace_id"].is_string());
    assert!(!problem.to_string().to_lowercase().contains("pool"), "{problem}");
    assert_eq!(server.get(&token, "/healthz").await.0, 200);
    assert_eq!(server.get(&token, "/readyz").await.0, 503);
}

#[tokio::test]
async fn pages_send_people_to_log_in_and_answers_carry_their_headers() {
    let server = TestServer::start().await;
    let page = server
        .client
        .get(server.url("/runs?status=failed"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 303);
    assert_eq!(page.headers()["location"], "/login?next=%2Fruns%3Fstatus%3Dfailed");
    let login = server.client.get(server.url("/login")).send().await.unwrap();
    assert_eq!(login.status(), 200);
    let policy = login.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("'strict-dynamic' 'nonce-"), "{policy}");
    assert_eq!(login.headers()["x-content-type-options"], "nosniff");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(login.text().await.unwrap().contains(&format!("nonce=\"{nonce}\"")));
    let file = server.client.get(server.url("/nothing.js")).send().await.unwrap();
    assert_eq!(file.status(), 404);
}
