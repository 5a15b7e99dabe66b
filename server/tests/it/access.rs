//! Who may come in, and the numbers everything goes by.

use crate::client::{TestServer, answer};
use domain::Role;
use reqwest::Method;
use serde_json::{Value, json};

async fn patch(server: &TestServer, token: &str, path: &str, body: Value) -> (u16, Value) {
    answer(server.call(token, Method::PATCH, path, Some(body)).await).await
}

async fn put(server: &TestServer, token: &str, path: &str, body: Value) -> (u16, Value) {
    answer(server.call(token, Method::PUT, path, Some(body)).await).await
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_person_is_made_let_in_and_shut_out() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    let (status, ada) = server
        .post(
            &admin,
            "/api/users",
            json!({"email": "Ada@example.org", "role": "planner"}),
        )
        .await;
    assert_eq!(
        (status, &ada["email"], &ada["role"]),
        (201, &json!("ada@example.org"), &json!("planner")),
        "{ada}"
    );
    let twice = server
        .post(&admin, "/api/users", json!({"email": "ada@example.org"}))
        .await;
    assert_eq!(code(&twice), (409, "user_exists"));
    let path = format!("/api/users/{}", ada["user_id"].as_str().unwrap());
    let (status, link) = server.post(&admin, &format!("{path}/login-link"), json!({})).await;
    assert_eq!(status, 201, "{link}");
    let entered = server.client.get(link["url"].as_str().unwrap()).send().await.unwrap();
    let cookie = entered.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let reads = async || {
        let request = server.client.get(server.url("/api/lanes")).header("cookie", &cookie);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(reads().await, 200);
    let (status, out) = patch(&server, &admin, &path, json!({"disabled": true})).await;
    assert!(status == 200 && out["disabled_at"].is_string(), "{out}");
    assert_eq!(reads().await, 401);
    let acts = server.get(&admin, "/api/audit?object_kind=user").await.1;
    let verbs: Vec<_> = acts["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| act["verb"].clone())
        .collect();
    assert!(
        verbs.contains(&json!("disable user")) && verbs.contains(&json!("create user")),
        "{verbs:?}"
    );
}

#[tokio::test]
async fn the_last_admin_stays() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    server.login_link("root@example.org").await;
    let (_, users) = server.get(&admin, "/api/users").await;
    let path = format!("/api/users/{}", users["items"][0]["user_id"].as_str().unwrap());
    for body in [json!({"role": "viewer"}), json!({"disabled": true})] {
        assert_eq!(code(&patch(&server, &admin, &path, body).await), (409, "last_admin"));
    }
    server
        .post(
            &admin,
            "/api/users",
            json!({"email": "two@example.org", "role": "admin"}),
        )
        .await;
    assert_eq!(patch(&server, &admin, &path, json!({"role": "viewer"})).await.0, 200);
}

#[tokio::test]
async fn a_rotated_token_lives_on_for_a_while_and_a_revoked_one_does_not() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    let (status, first) = server
        .post(&admin, "/api/tokens", json!({"name": "nightly", "role": "operator"}))
        .await;
    assert_eq!(status, 201, "{first}");
    let path = format!("/api/tokens/{}", first["token_id"].as_str().unwrap());
    let (_, second) = server
        .post(&admin, &format!("{path}/rotate"), json!({"overlap_seconds": 600}))
        .await;
    let (old, new) = (first["token"].as_str().unwrap(), second["token"].as_str().unwrap());
    assert_eq!(
        (
            server.get(old, "/api/lanes").await.0,
            server.get(new, "/api/lanes").await.0
        ),
        (200, 200)
    );
    let left = "select round(extract(epoch from expires_at - clock_timestamp()) / 60) from public.api_tokens where expires_at is not null";
    assert_eq!(server.db.value(left).await, "10");
    assert_eq!(server.call(&admin, Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(
        (
            server.get(old, "/api/lanes").await.0,
            server.get(new, "/api/lanes").await.0
        ),
        (401, 200)
    );
    assert_eq!(server.call(&admin, Method::DELETE, &path, None).await.status(), 404);
}

#[tokio::test]
async fn a_token_of_one_spreadsheet_starts_nothing_on_another() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.narrow_token(Role::Operator, None, Some(&["sheet-1"])).await;
    let click = |sheet: &str| {
        json!({"action": "template.run", "sheet_context": {"spreadsheet_id": sheet, "tab": "Intake"},
            "options": {"template": "greet", "params": {"name": "Ada"}}})
    };
    let (status, answer) = server.post(&token, "/actions/run", click("sheet-2")).await;
    assert_eq!(status, 403, "{answer}");
    let (status, answer) = server.post(&token, "/actions/run", click("sheet-1")).await;
    assert_eq!(status, 201, "{answer}");
}

#[tokio::test]
async fn a_lane_is_made_edited_from_its_version_and_deleted_when_nothing_names_it() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    let lane =
        json!({"title": "graphics", "max_running": 2, "rate_limit": 10, "rate_seconds": 60, "aging_seconds": 30});
    assert_eq!(
        put(&server, &admin, "/api/lanes/GPU", lane.clone()).await,
        (201, json!({"name": "GPU", "version": 1}))
    );
    assert_eq!(
        code(&put(&server, &admin, "/api/lanes/GPU", lane.clone()).await),
        (409, "version_conflict")
    );
    let mut edit = lane.clone();
    edit["version"] = json!(1);
    edit["max_running"] = json!(null);
    assert_eq!(put(&server, &admin, "/api/lanes/GPU", edit.clone()).await.0, 200);
    assert_eq!(
        code(&put(&server, &admin, "/api/lanes/GPU", edit).await),
        (409, "version_conflict")
    );
    let (_, lanes) = server.get(&admin, "/api/lanes").await;
    let gpu = lanes["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|lane| lane["name"] == "GPU")
        .unwrap();
    assert_eq!(
        (&gpu["max_running"], &gpu["rate_limit"], &gpu["version"]),
        (&Value::Null, &json!(10), &json!(2))
    );
    let wrong = [
        (json!({"title": ""}), "title"),
        (json!({"title": "x", "max_running": 0}), "max_running"),
        (json!({"title": "x", "rate_limit": 1}), "rate_limit"),
    ];
    for (body, field) in wrong {
        let (status, problem) = put(&server, &admin, "/api/lanes/Q", body).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{problem}");
    }
    assert_eq!(put(&server, &admin, "/api/lanes/lower", lane).await.0, 422);
    let delete = async |name: &str| {
        server
            .call(&admin, Method::DELETE, &format!("/api/lanes/{name}"), None)
            .await
            .status()
            .as_u16()
    };
    server.save_template("greet").await;
    assert_eq!(
        (delete("B").await, delete("GPU").await, delete("GPU").await),
        (409, 204, 404)
    );
    let (_, acts) = server.get(&admin, "/api/audit?object_kind=lane&limit=2").await;
    assert_eq!(
        (&acts["items"][0]["verb"], &acts["items"][1]["verb"]),
        (&json!("delete_lane"), &json!("edit_lane"))
    );
    let (_, older) = server
        .get(
            &admin,
            &format!(
                "/api/audit?object_kind=lane&cursor={}",
                acts["next_cursor"].as_str().unwrap()
            ),
        )
        .await;
    assert_eq!(older["items"][0]["verb"], "create_lane");
}

#[tokio::test]
async fn settings_keep_their_bounds_and_a_lease_outlives_a_heartbeat() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    let (status, now) = patch(
        &server,
        &admin,
        "/api/settings",
        json!({"heartbeat": 500, "lease": 2000, "sweep": 500}),
    )
    .await;
    assert_eq!(status, 200, "{now}");
    let refused = [
        (json!({"heartbeat": 499}), "heartbeat"),
        (json!({"leese": 1000}), "leese"),
        (json!({"heartbeat": 2000}), "lease"),
        (json!({"sweep": "often"}), "sweep"),
    ];
    for (body, field) in refused {
        let (status, problem) = patch(&server, &admin, "/api/settings", body).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{problem}");
    }
    assert_eq!(
        server
            .db
            .value("select value from runboard_internal.settings where key = 'heartbeat'")
            .await,
        "500"
    );
}

#[tokio::test]
async fn who_writes_too_often_is_told_when_to_go_on() {
    let server = TestServer::start().await;
    let (admin, viewer) = (server.token(Role::Admin).await, server.token(Role::Operator).await);
    assert_eq!(
        patch(&server, &admin, "/api/settings", json!({"writes_per_minute": 2}))
            .await
            .0,
        200
    );
    let pause = async || {
        server
            .call(&viewer, Method::POST, "/api/lanes/B/pause", Some(json!({})))
            .await
    };
    assert_eq!(
        (pause().await.status(), pause().await.status()),
        (204.try_into().unwrap(), 204.try_into().unwrap())
    );
    let refused = pause().await;
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(code(&answer(refused).await), (429, "too_many_requests"));
    assert_eq!(server.get(&viewer, "/api/lanes").await.0, 200);
}

#[tokio::test]
async fn a_secret_goes_in_and_never_comes_out() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    assert_eq!(
        put(&server, &admin, "/api/secrets/API_KEY", json!({"value": "hunter2222"}))
            .await
            .0,
        204
    );
    assert_eq!(
        put(&server, &admin, "/api/secrets/API_KEY", json!({"value": "abc"}))
            .await
            .0,
        422
    );
    assert_eq!(
        put(&server, &admin, "/api/secrets/2FA", json!({"value": "hunter2222"}))
            .await
            .0,
        422
    );
    let (_, list) = server.get(&admin, "/api/secrets").await;
    assert!(
        list["items"][0]["name"] == "API_KEY" && !list.to_string().contains("hunter2222"),
        "{list}"
    );
    let delete = async || {
        server
            .call(&admin, Method::DELETE, "/api/secrets/API_KEY", None)
            .await
            .status()
            .as_u16()
    };
    assert_eq!((delete().await, delete().await), (204, 404));
}

#[tokio::test]
async fn the_audit_log_leaves_as_a_file() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    server.db.execute("insert into public.audit_log (at, actor, role, via, verb, object_kind, object_id)
        select clock_timestamp(), '=1+1', 'admin', 'token', 'test', 'thing', n::text from generate_series(1, 2500) as n").await;
    let file = async |format: &str| {
        let path = format!("/api/audit/export?format={format}");
        server
            .call(&admin, Method::GET, &path, None)
            .await
            .text()
            .await
            .unwrap()
    };
    let csv = file("csv").await;
    assert!(
        csv.starts_with("audit_id,at,actor,") && csv.contains(",'=1+1,"),
        "{}",
        &csv[..200]
    );
    assert_eq!(
        (csv.lines().count(), file("ndjson").await.lines().count()),
        (2502, 2501)
    );
}

#[tokio::test]
async fn the_health_of_the_database_is_told_in_words() {
    let server = TestServer::start().await;
    let operator = server.token(Role::Operator).await;
    let (status, health) = server.get(&operator, "/api/health/db").await;
    assert_eq!(status, 200, "{health}");
    let names: Vec<_> = health["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["name"].clone())
        .collect();
    for name in [
        "oldest_transaction",
        "xmin_horizon",
        "notify_queue",
        "lock_waits",
        "connections",
        "dead_rows",
        "database_size",
    ] {
        assert!(names.contains(&json!(name)), "{name} is missing: {health}");
    }
    assert!(health["tables"].as_array().is_some_and(|tables| !tables.is_empty()));
}
