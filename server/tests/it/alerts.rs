//! Alerts over HTTP, with webhooks that really listen.

use crate::client::{TestServer, answer};
use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use chrono::{DateTime, Duration};
use domain::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time,
};

/// What a webhook heard, and what it answers with, one after the other; 200 when nothing is left.
#[derive(Clone, Default)]
struct Hook {
    heard: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Hook {
    async fn listen(answers: &[u16]) -> (Self, String) {
        let hook = Self::default();
        *hook.answers.lock().unwrap() = answers.to_vec();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?token=of-the-url", listener.local_addr().unwrap());
        let app = Router::new().route("/hook", post(Self::hear)).with_state(hook.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (hook, url)
    }

    #[expect(clippy::unused_async, reason = "a handler of axum")]
    async fn hear(State(hook): State<Self>, headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
        hook.heard.lock().unwrap().push((headers, body));
        let mut answers = hook.answers.lock().unwrap();
        let status = if answers.is_empty() { 200 } else { answers.remove(0) };
        // The character that Postgres cannot keep.
        let words = if status == 451 { "tea\0pot" } else { "heard" };
        (StatusCode::from_u16(status).unwrap(), words)
    }

    /// Waits until it has heard so much.
    async fn wait(&self, count: usize) -> Vec<(HeaderMap, Value)> {
        for _ in 0..200 {
            if self.heard.lock().unwrap().len() >= count {
                break;
            }
            pause(100).await;
        }
        let heard = self.heard.lock().unwrap().clone();
        let read = |(headers, body): (HeaderMap, Bytes)| (headers, serde_json::from_slice(&body).unwrap());
        heard.into_iter().map(read).collect()
    }
}

/// Real servers take real time.
async fn pause(ms: u64) {
    let for_ever = std::future::pending::<()>();
    let _ = tokio::time::timeout(time::Duration::from_millis(ms), for_ever).await;
}

/// A server with a channel to `url`; answers with the admin's token and the channel.
async fn scene(url: &str) -> (TestServer, String, Value) {
    let server = TestServer::start().await;
    let token = server.token(Role::Admin).await;
    let body = json!({"name": "ops", "url": url, "secret": "a secret of the channel"});
    let (status, channel) = server.post(&token, "/api/alert-channels", body).await;
    assert_eq!(status, 201, "{channel}");
    (server, token, channel)
}

/// Lets a lane wait for a worker that never comes.
async fn trouble(server: &TestServer) {
    server
        .db
        .execute(r#"select enqueue_run('{"action": "test.noop", "lane": "A"}')"#)
        .await;
    server.db.advance(Duration::minutes(2)).await;
}

#[tokio::test]
async fn a_webhook_hears_what_is_wrong_and_that_it_is_over() {
    let (hook, url) = Hook::listen(&[]).await;
    let (server, token, _) = scene(&url).await;
    trouble(&server).await;
    let heard = hook.wait(1).await;
    let (headers, body) = &heard[0];
    assert_eq!(
        (&body["event"], &body["alert"]["kind"]),
        (&json!("opened"), &json!("no_worker"))
    );
    assert!(
        body["text"]
            .as_str()
            .unwrap()
            .starts_with("Critical: Nobody works on lane A"),
        "{body}"
    );

    let signature = headers["x-runboard-signature"].to_str().unwrap();
    let seconds: i64 = signature
        .strip_prefix("t=")
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let at = DateTime::from_timestamp(seconds, 0).unwrap();
    let sent = hook.heard.lock().unwrap()[0].1.clone();
    assert_eq!(signature, runs::alerts::sign("a secret of the channel", at, &sent));

    let (_, open) = server.get(&token, "/api/alerts").await;
    assert_eq!(open["items"][0]["key"], "A", "{open}");
    server.db.execute("select cancel_run(run_id) from public.runs").await;
    let heard = hook.wait(2).await;
    assert_eq!(heard[1].1["event"], "resolved");
    assert_eq!(heard.len(), 2);
    let (_, open) = server.get(&token, "/api/alerts").await;
    assert_eq!(open["items"], json!([]));
}

#[tokio::test]
async fn a_webhook_that_fails_hears_it_again() {
    let (hook, url) = Hook::listen(&[500, 503]).await;
    let (server, token, channel) = scene(&url).await;
    trouble(&server).await;
    let heard = hook.wait(3).await;
    let id = |place: usize| heard[place].0["x-runboard-delivery"].clone();
    assert_eq!((id(0), id(0)), (id(1), id(2)));
    let path = format!(
        "/api/alert-channels/{}/deliveries",
        channel["channel_id"].as_str().unwrap()
    );
    for _ in 0..50 {
        let (_, log) = server.get(&token, &path).await;
        if log["items"][0]["delivered_at"].is_string() {
            assert_eq!(
                (&log["items"][0]["try_count"], &log["items"][0]["last_status"]),
                (&json!(3), &json!(200))
            );
            return;
        }
        pause(100).await;
    }
    panic!("the delivery never ended");
}

#[tokio::test]
async fn a_test_shows_what_the_webhook_answered() {
    let (hook, url) = Hook::listen(&[418]).await;
    let (server, token, channel) = scene(&url).await;
    let path = format!("/api/alert-channels/{}/test", channel["channel_id"].as_str().unwrap());
    let (status, shown) = answer(server.call(&token, Method::POST, &path, None).await).await;
    assert_eq!(
        (status, shown),
        (
            200,
            json!({"accepted": false, "status": 418, "answer": "heard", "error": null})
        )
    );
    assert_eq!(hook.wait(1).await[0].1["event"], "test");
    let path = path.replace("/test", "/deliveries");
    let (_, log) = server.get(&token, &path).await;
    let kept = &log["items"][0];
    assert_eq!(
        (&kept["event"], &kept["last_status"], &kept["last_answer"]),
        (&json!("test"), &json!(418), &json!("heard"))
    );
}

#[tokio::test]
async fn a_webhook_that_is_not_there_is_said_without_its_address() {
    let (server, token, channel) = scene("http://127.0.0.1:1/hook?token=of-the-url").await;
    let path = format!("/api/alert-channels/{}/test", channel["channel_id"].as_str().unwrap());
    let (_, shown) = answer(server.call(&token, Method::POST, &path, None).await).await;
    let error = shown["error"].as_str().unwrap();
    assert!(shown["accepted"] == false && !error.contains("of-the-url"), "{shown}");
}

#[tokio::test]
async fn a_channel_is_changed_without_showing_its_secret() {
    let (server, token, channel) = scene("http://127.0.0.1:1/hook").await;
    assert_eq!(channel["secret"], "a secret of the channel");
    let path = format!("/api/alert-channels/{}", channel["channel_id"].as_str().unwrap());
    let change = json!({"kinds": ["queue_age"], "enabled": false});
    let (status, changed) = answer(server.call(&token, Method::PATCH, &path, Some(change)).await).await;
    assert_eq!(
        (status, &changed["kinds"], &changed["name"]),
        (200, &json!(["queue_age"]), &json!("ops"))
    );
    let (_, list) = server.get(&token, "/api/alert-channels").await;
    assert!(!list.to_string().contains("a secret of the channel"));
    assert_eq!(
        server
            .db
            .value("select count(*) from public.alert_channels where ciphertext::text like '%secret%'")
            .await,
        "0"
    );
    let wrong = json!({"kinds": ["bad_luck"]});
    let (status, problem) = answer(server.call(&token, Method::PATCH, &path, Some(wrong)).await).await;
    assert_eq!((status, &problem["field"]), (422, &json!("kinds")));
    assert_eq!(server.call(&token, Method::DELETE, &path, None).await.status(), 204);
}

#[tokio::test]
async fn a_rule_is_changed_by_an_admin() {
    let server = TestServer::start().await;
    let token = server.token(Role::Admin).await;
    let change = |body: Value| server.call(&token, Method::PATCH, "/api/alert-rules/queue_age", Some(body));
    assert_eq!(
        change(json!({"threshold": 30, "severity": "critical"})).await.status(),
        204
    );
    assert_eq!(change(json!({"threshold": 0})).await.status(), 422);
    let (_, rules) = server.get(&token, "/api/alert-rules").await;
    let items = rules["items"].as_array().unwrap();
    let rule = items.iter().find(|rule| rule["kind"] == "queue_age").unwrap();
    assert_eq!(
        (&rule["threshold"], &rule["severity"]),
        (&json!(30), &json!("critical"))
    );
}

#[tokio::test]
async fn a_webhook_that_answers_with_what_postgres_cannot_keep_is_noted_all_the_same() {
    let (_hook, url) = Hook::listen(&[451]).await;
    let (server, token, channel) = scene(&url).await;
    trouble(&server).await;
    let path = format!(
        "/api/alert-channels/{}/deliveries",
        channel["channel_id"].as_str().unwrap()
    );
    for _ in 0..100 {
        let (_, log) = server.get(&token, &path).await;
        if log["items"][0]["last_status"] == json!(451) {
            assert_eq!(log["items"][0]["last_answer"], "tea\u{fffd}pot");
            return;
        }
        pause(100).await;
    }
    panic!("the answer was never noted");
}

#[tokio::test]
async fn a_webhook_in_a_private_network_is_refused_and_never_called() {
    let (hook, url) = Hook::listen(&[]).await;
    let server = TestServer::start_in(runs::network::NetworkPolicy::default()).await;
    let token = server.token(Role::Admin).await;
    let body = json!({"name": "ops", "url": url, "secret": "a secret of the channel"});
    let (status, problem) = server.post(&token, "/api/alert-channels", body).await;
    assert_eq!((status, &problem["field"]), (422, &json!("url")), "{problem}");
    assert!(problem["hint"].as_str().unwrap().contains("RUNBOARD_ALLOW_ADDRESS"));

    // A name may be public when it is saved and private when it is called.
    let body = json!({"name": "ops", "url": "https://hooks.invalid/x", "secret": "a secret of the channel"});
    let (status, channel) = server.post(&token, "/api/alert-channels", body).await;
    assert_eq!(status, 201, "{channel}");
    server
        .db
        .execute(&format!("update public.alert_channels set url = '{url}'"))
        .await;
    let path = format!("/api/alert-channels/{}/test", channel["channel_id"].as_str().unwrap());
    let (_, tried) = server.post(&token, &path, json!({})).await;
    assert_eq!(tried["accepted"], false, "{tried}");
    assert!(tried["error"].as_str().unwrap().contains("private network"), "{tried}");
    assert!(hook.heard.lock().unwrap().is_empty());
}
