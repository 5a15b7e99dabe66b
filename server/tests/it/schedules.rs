//! Schedules over HTTP, started by the server's own rounds.

use crate::client::{TestServer, answer};
use chrono::Duration;
use domain::Role;
use reqwest::Method;
use serde_json::{Value, json};

fn greeting() -> Value {
    json!({"name": "greet", "template": "greet", "params": {"name": "Ada"}, "cron": "0 8 * * *", "zone": "Europe/Paris"})
}

async fn scene() -> (TestServer, String) {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    (server, token)
}

#[tokio::test]
async fn a_schedule_is_made_changed_shown_and_forgotten() {
    let (server, token) = scene().await;
    let (status, made) = server.post(&token, "/api/schedules", greeting()).await;
    assert_eq!(
        (status, &made["enabled"], &made["next_at"]),
        (201, &json!(false), &Value::Null)
    );
    let path = format!("/api/schedules/{}", made["schedule_id"].as_str().unwrap());

    let change = json!({"enabled": true, "quiet_from": "22:00", "quiet_to": "06:00", "version": made["version"]});
    let changed = server.call(&token, Method::PATCH, &path, Some(change.clone())).await;
    let (status, changed) = answer(changed).await;
    assert_eq!((status, &changed["quiet_from"]), (200, &json!("22:00")), "{changed}");
    assert!(changed["next_at"].is_string(), "{changed}");
    let late = server.call(&token, Method::PATCH, &path, Some(change)).await;
    assert_eq!(answer(late).await.1["code"], "changed_meanwhile");

    let (_, next) = server.get(&token, &format!("{path}/next?count=3")).await;
    assert_eq!(next["times"].as_array().unwrap().len(), 3);
    assert_eq!(next["times"][0], changed["next_at"]);
    let (status, run) = server.post(&token, &format!("{path}/run-now"), json!({})).await;
    assert_eq!(status, 201, "{run}");
    let (_, story) = server.get(&token, &path).await;
    assert_eq!(
        (&story["ticks"][0]["code"], &story["ticks"][0]["run_id"]),
        (&json!("run_now"), &run["run_id"])
    );
    let (_, list) = server.get(&token, "/api/schedules").await;
    assert!(
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["name"] == "greet")
    );

    assert_eq!(server.call(&token, Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(server.get(&token, &path).await.0, 404);
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let (server, token) = scene().await;
    for (field, value, code) in [
        ("cron", json!("every day"), "invalid_cron"),
        ("cron", json!("0 0 30 2 *"), "invalid_cron"),
        ("zone", json!("Mars/Olympus"), "unknown_zone"),
        ("template", json!("nothing"), "unknown_template"),
        ("quiet_from", json!("late"), "invalid"),
        ("nmae", json!("x"), "unknown_field"),
    ] {
        let mut body = greeting();
        body[field] = value;
        let (status, problem) = server.post(&token, "/api/schedules", body).await;
        assert_eq!(
            (status, &problem["code"], &problem["field"]),
            (422, &json!(code), &json!(field)),
            "{problem}"
        );
    }
    let mut body = greeting();
    body["params"] = json!({});
    let (status, problem) = server.post(&token, "/api/schedules", body).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_params")));
    let (status, problem) = server
        .post(
            &token,
            "/api/schedules/preview",
            json!({"cron": "* * * * *", "count": 0}),
        )
        .await;
    assert_eq!((status, &problem["field"]), (422, &json!("count")));
}

#[tokio::test]
async fn the_server_starts_what_is_due() {
    let (server, token) = scene().await;
    let mut body = greeting();
    body["enabled"] = json!(true);
    body["catch_up"] = json!("one");
    server.post(&token, "/api/schedules", body).await;
    server.db.advance(Duration::days(1)).await;
    for _ in 0..100 {
        if server.db.value("select count(*) from public.runs").await == "1" {
            break;
        }
        tokio::time::timeout(std::time::Duration::from_millis(100), std::future::pending::<()>())
            .await
            .unwrap_err();
    }
    let who = "select requested_by ->> 'actor' from public.runs";
    assert_eq!(server.db.value(who).await, "schedule greet");
}
