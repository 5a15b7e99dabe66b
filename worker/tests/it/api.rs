//! HTTP steps against a server of this test.

use crate::stage::Stage;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header::LOCATION},
    response::IntoResponse,
    routing::any,
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use worker::{
    Handle,
    steps::api::{Api, NetworkPolicy},
};

type Seen = Arc<Mutex<Vec<Value>>>;

/// A server that answers as the path says and remembers what it saw.
async fn server() -> (SocketAddr, Seen) {
    async fn answer(
        State(seen): State<Seen>,
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        body: String,
    ) -> impl IntoResponse {
        let header = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let count = {
            let mut seen = seen.lock().unwrap();
            seen.push(json!({
                "method": method.as_str(), "uri": uri.to_string(), "body": body,
                "key": header("idempotency-key"), "run": header("x-runboard-run"), "auth": header("authorization"),
                "type": header("content-type"),
            }));
            seen.len()
        };
        match uri.path() {
            "/busy" if count < 3 => (StatusCode::SERVICE_UNAVAILABLE, "later").into_response(),
            "/missing" => StatusCode::NOT_FOUND.into_response(),
            "/away" => (StatusCode::FOUND, [(LOCATION, "/here")]).into_response(),
            // Back to this server under another name, which is another host.
            "/moved" => {
                let port = header("host")
                    .and_then(|host| host.rsplit(':').next().map(str::to_owned))
                    .unwrap();
                let there = format!("http://localhost:{port}/here");
                (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, there)]).into_response()
            }
            "/metadata" => (StatusCode::FOUND, [(LOCATION, "http://169.254.169.254/latest")]).into_response(),
            _ => Json(json!({"ok": true})).into_response(),
        }
    }
    let seen = Seen::default();
    let router = Router::new().fallback(any(answer)).with_state(Arc::clone(&seen));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, seen)
}

async fn work_allowing(stage: &Stage, address: SocketAddr) -> Handle {
    let mut worker = stage.worker("w1");
    let policy = NetworkPolicy {
        allow_private: false,
        allowed: vec![address.to_string().parse().unwrap()],
    };
    worker.kinds = worker.kinds.with("api", Api::new(policy));
    worker.start().await.unwrap()
}

#[tokio::test]
async fn a_request_carries_its_keys_and_leaves_what_came() {
    let mut stage = Stage::new().await;
    let (address, seen) = server().await;
    let _worker = work_allowing(&stage, address).await;
    let run = stage
        .enqueue_with(
            json!([{"id": "call", "kind": "api", "with": {
                "method": "POST", "url": format!("http://{address}/things"), "query": {"q": "{{ params.q }}"},
                "headers": {"Authorization": "Bearer abc"}, "json": {"count": "{{ params.count }}"}, "save_response_as": "answer.json",
            }}]),
            json!({}),
            json!({"q": "a b&c", "count": 3}),
        )
        .await;
    stage.ends(&run, "success").await;
    assert_eq!(
        seen.lock().unwrap()[0],
        json!({
            "method": "POST", "uri": "/things?q=a+b%26c", "body": r#"{"count":3}"#, "key": format!("{run}/call"),
            "run": run, "auth": "Bearer abc", "type": "application/json",
        })
    );
    let output: Value = serde_json::from_str(stage.steps(&run, "output").await.strip_prefix("call ").unwrap()).unwrap();
    assert_eq!(output["status"], 200);
    assert_eq!(output["body"], json!({"ok": true}));
    assert_eq!(output["headers"]["content-type"], "application/json");
    assert!(output["duration_ms"].is_u64());
    let log = stage.log(&run).await;
    assert!(
        log.starts_with(&format!("POST http://{address}/things?q=a+b%26c\n200 OK in ")),
        "{log}"
    );
    assert_eq!(
        stage.db.value("select name || ' ' || kind from artifacts").await,
        "answer.json json"
    );
}

#[tokio::test]
async fn a_private_address_is_refused_before_anything_is_sent() {
    let mut stage = Stage::new().await;
    let (address, seen) = server().await;
    let _worker = stage.work().await;
    for url in [
        format!("http://{address}/"),
        format!("http://localhost:{}/", address.port()),
        format!("http://[::ffff:127.0.0.1]:{}/", address.port()),
    ] {
        let run = stage
            .enqueue(json!([{"id": "call", "kind": "api", "with": {"url": url}}]))
            .await;
        stage.ends(&run, r#"failed {"code": "address_refused""#).await;
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused_too() {
    let mut stage = Stage::new().await;
    let (address, _seen) = server().await;
    let _worker = work_allowing(&stage, address).await;
    let step = |path: &str, follow: bool| json!([{"id": "call", "kind": "api", "with": {"url": format!("http://{address}{path}"), "follow_redirects": follow}}]);
    let run = stage.enqueue(step("/metadata", true)).await;
    stage.ends(&run, r#"failed {"code": "address_refused""#).await;
    let run = stage.enqueue(step("/away", true)).await;
    stage.ends(&run, "success").await;
    let run = stage.enqueue(step("/away", false)).await;
    stage.ends(&run, r#"failed {"code": "unexpected_status""#).await;
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_may_not_is_not() {
    let mut stage = Stage::new().await;
    let (address, seen) = server().await;
    let _worker = work_allowing(&stage, address).await;
    let step = |path: &str| {
        json!([{"id": "call", "kind": "api", "retry": {"max_attempts": 3, "backoff": {"initial_seconds": 0.01}},
            "with": {"url": format!("http://{address}{path}")}}])
    };
    let run = stage.enqueue(step("/busy")).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.steps(&run, "try").await, "call 3");
    seen.lock().unwrap().clear();
    let run = stage.enqueue(step("/missing")).await;
    stage
        .ends(
            &run,
            r#"failed {"code": "unexpected_status", "hint": "There is nothing at this address: check its path.""#,
        )
        .await;
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_an_error_with_advice() {
    let mut stage = Stage::new().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let _worker = work_allowing(&stage, closed).await;
    let policy = json!({"max_attempts": 1});
    let steps = json!([{"id": "call", "kind": "api", "with": {"url": format!("http://{closed}/")}}]);
    let run = stage.enqueue_with(steps, policy, json!({})).await;
    stage
        .ends(&run, r#"failed {"code": "not_reachable", "hint": "Check the address"#)
        .await;
}

#[tokio::test]
async fn a_redirect_takes_no_body_and_no_header_to_another_host() {
    let mut stage = Stage::new().await;
    let (address, seen) = server().await;
    let mut worker = stage.worker("w1");
    let allowed = [address.to_string(), format!("localhost:{}", address.port())];
    let policy = NetworkPolicy {
        allow_private: false,
        allowed: allowed.map(|text| text.parse().unwrap()).to_vec(),
    };
    worker.kinds = worker.kinds.with("api", Api::new(policy));
    let _worker = worker.start().await.unwrap();
    let step = |method: &str, body: Value| {
        let mut with = json!({"url": format!("http://{address}/moved"), "method": method, "follow_redirects": true,
            "headers": {"Authorization": "Bearer abc"}});
        if !body.is_null() {
            with["json"] = body;
        }
        json!([{"id": "call", "kind": "api", "with": with}])
    };
    let run = stage.enqueue(step("POST", json!({"for": "one host"}))).await;
    stage.ends(&run, r#"failed {"code": "redirect_refused""#).await;
    assert_eq!(seen.lock().unwrap().len(), 1);
    let run = stage.enqueue(step("GET", Value::Null)).await;
    stage.ends(&run, "success").await;
    let seen = seen.lock().unwrap();
    assert_eq!((&seen[2]["uri"], &seen[2]["auth"]), (&json!("/here"), &Value::Null));
}
