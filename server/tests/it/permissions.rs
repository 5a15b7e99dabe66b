//! Who may call what, said a second time and compared with what the server does.

use crate::client::{SECRET, TestServer};
use domain::{Permission, Role};
use reqwest::Method;
use server::http::{
    openapi,
    permissions::{Access, TABLE, access},
};
use std::collections::BTreeSet;

const ID: &str = "run_20260114_093012_k3v7q2xw";
const UUID: &str = "6d1f3a52-4a8b-4c55-9c6e-0d8f0c1d2e3f";

/// Method, address as the description names it, lowest role; `None` is open to everybody.
const EXPECTED: &[(&str, &str, Option<Role>)] = &[
    ("GET", "/healthz", None),
    ("GET", "/readyz", None),
    // Open to callers on this machine, such as this test.
    ("GET", "/metrics", None),
    ("GET", "/live", Some(Role::Viewer)),
    ("GET", "/api/actions", Some(Role::Viewer)),
    ("GET", "/api/runs", Some(Role::Viewer)),
    ("GET", "/api/runs/{run_id}", Some(Role::Viewer)),
    ("GET", "/api/runs/{run_id}/steps", Some(Role::Viewer)),
    ("GET", "/api/runs/{run_id}/events", Some(Role::Viewer)),
    ("GET", "/api/runs/{run_id}/logs", Some(Role::Viewer)),
    ("GET", "/api/runs/{run_id}/logs.txt", Some(Role::Viewer)),
    ("GET", "/api/runs/{run_id}/artifacts", Some(Role::Viewer)),
    ("GET", "/api/artifacts/{artifact_id}", Some(Role::Viewer)),
    ("GET", "/api/artifacts/{artifact_id}/content", Some(Role::Viewer)),
    ("GET", "/api/artifacts/{artifact_id}/diff", Some(Role::Viewer)),
    ("POST", "/api/artifacts/{artifact_id}/link", Some(Role::Operator)),
    ("GET", "/artifacts.download/{word}", None),
    ("PUT", "/artifacts.upload/{word}", None),
    ("POST", "/artifacts.upload", Some(Role::Worker)),
    ("GET", "/api/secrets", Some(Role::Admin)),
    ("PUT", "/api/secrets/{name}", Some(Role::Admin)),
    ("DELETE", "/api/secrets/{name}", Some(Role::Admin)),
    ("GET", "/api/lanes", Some(Role::Viewer)),
    ("GET", "/api/workers", Some(Role::Viewer)),
    ("GET", "/api/templates", Some(Role::Viewer)),
    ("GET", "/api/templates/{slug}", Some(Role::Viewer)),
    ("GET", "/api/stats", Some(Role::Viewer)),
    ("POST", "/client-errors", Some(Role::Viewer)),
    ("GET", "/actions/run/{run_id}", Some(Role::Viewer)),
    ("POST", "/actions/run", Some(Role::Planner)),
    ("POST", "/runs.cancel", Some(Role::Planner)),
    ("POST", "/runs.retry", Some(Role::Planner)),
    ("POST", "/runs.rerun", Some(Role::Planner)),
    ("POST", "/runs.approve", Some(Role::Planner)),
    ("POST", "/runs.resume", Some(Role::Operator)),
    ("POST", "/runs.callback/{token}", None),
    ("POST", "/runs.create", Some(Role::Operator)),
    ("POST", "/api/lanes/{name}/pause", Some(Role::Operator)),
    ("POST", "/api/lanes/{name}/resume", Some(Role::Operator)),
    ("POST", "/api/workers/{worker_id}/drain", Some(Role::Operator)),
    // A template whose steps start programs takes an admin: tests/it/templates.rs.
    ("PUT", "/api/templates/{slug}", Some(Role::Operator)),
    ("POST", "/api/templates/{slug}/archive", Some(Role::Operator)),
    ("POST", "/api/templates/check", Some(Role::Planner)),
    ("GET", "/api/templates/{slug}/versions", Some(Role::Viewer)),
    ("GET", "/api/templates/{slug}/versions/{version}", Some(Role::Viewer)),
    ("GET", "/api/templates/{slug}/diff", Some(Role::Viewer)),
    ("GET", "/api/health/db", Some(Role::Operator)),
    ("GET", "/api/users", Some(Role::Admin)),
    ("POST", "/api/users", Some(Role::Admin)),
    ("PATCH", "/api/users/{user_id}", Some(Role::Admin)),
    ("POST", "/api/users/{user_id}/login-link", Some(Role::Admin)),
    ("GET", "/api/tokens", Some(Role::Admin)),
    ("POST", "/api/tokens", Some(Role::Admin)),
    ("POST", "/api/tokens/{token_id}/rotate", Some(Role::Admin)),
    ("DELETE", "/api/tokens/{token_id}", Some(Role::Admin)),
    ("PUT", "/api/lanes/{name}", Some(Role::Admin)),
    ("DELETE", "/api/lanes/{name}", Some(Role::Admin)),
    ("GET", "/api/audit", Some(Role::Admin)),
    ("GET", "/api/audit/export", Some(Role::Admin)),
    ("GET", "/api/settings", Some(Role::Admin)),
    ("PATCH", "/api/settings", Some(Role::Admin)),
    ("POST", "/workers.register", Some(Role::Worker)),
    ("POST", "/workers.heartbeat", Some(Role::Worker)),
    ("POST", "/workers.drain", Some(Role::Worker)),
    ("POST", "/workers.deregister", Some(Role::Worker)),
    ("POST", "/runs.claim", Some(Role::Worker)),
    ("POST", "/runs.heartbeat", Some(Role::Worker)),
    ("POST", "/runs.complete", Some(Role::Worker)),
    ("POST", "/runs.release", Some(Role::Worker)),
    ("POST", "/runs.suspend", Some(Role::Worker)),
    ("POST", "/steps.record", Some(Role::Worker)),
    ("POST", "/events.append", Some(Role::Worker)),
    ("POST", "/logs.append", Some(Role::Worker)),
    ("POST", "/artifacts.put", Some(Role::Worker)),
    ("POST", "/secrets.get", Some(Role::Worker)),
    ("GET", "/api/runs/export", Some(Role::Viewer)),
    ("POST", "/api/bulk/preview", Some(Role::Planner)),
    ("GET", "/api/views", Some(Role::Viewer)),
    ("POST", "/api/views", Some(Role::Viewer)),
    ("DELETE", "/api/views/{view_id}", Some(Role::Viewer)),
    ("POST", "/api/bulk", Some(Role::Planner)),
    ("GET", "/api/bulk", Some(Role::Viewer)),
    ("GET", "/api/bulk/{bulk_id}", Some(Role::Viewer)),
    ("GET", "/api/bulk/{bulk_id}/items", Some(Role::Viewer)),
    ("GET", "/api/retention", Some(Role::Admin)),
    ("PUT", "/api/retention", Some(Role::Admin)),
    ("POST", "/api/retention/run", Some(Role::Admin)),
    ("GET", "/api/alerts", Some(Role::Viewer)),
    ("GET", "/api/alert-rules", Some(Role::Viewer)),
    ("PATCH", "/api/alert-rules/{kind}", Some(Role::Admin)),
    ("GET", "/api/alert-channels", Some(Role::Admin)),
    ("POST", "/api/alert-channels", Some(Role::Admin)),
    ("PATCH", "/api/alert-channels/{channel_id}", Some(Role::Admin)),
    ("DELETE", "/api/alert-channels/{channel_id}", Some(Role::Admin)),
    ("POST", "/api/alert-channels/{channel_id}/test", Some(Role::Admin)),
    ("GET", "/api/alert-channels/{channel_id}/deliveries", Some(Role::Admin)),
    ("GET", "/api/schedules", Some(Role::Viewer)),
    ("POST", "/api/schedules", Some(Role::Operator)),
    ("POST", "/api/schedules/preview", Some(Role::Operator)),
    ("GET", "/api/schedules/{schedule_id}", Some(Role::Viewer)),
    ("PATCH", "/api/schedules/{schedule_id}", Some(Role::Operator)),
    ("DELETE", "/api/schedules/{schedule_id}", Some(Role::Operator)),
    ("POST", "/api/schedules/{schedule_id}/run-now", Some(Role::Operator)),
    ("GET", "/api/schedules/{schedule_id}/next", Some(Role::Viewer)),
];

fn address(path: &str) -> String {
    let path = path
        .replace("{run_id}", ID)
        .replace("{artifact_id}", UUID)
        .replace("{worker_id}", UUID)
        .replace("{schedule_id}", UUID)
        .replace("{bulk_id}", UUID)
        .replace("{channel_id}", UUID)
        .replace("{kind}", "nothing")
        .replace("{user_id}", UUID)
        .replace("{token_id}", UUID);
    let path = path
        .replace("{name}", "Z")
        .replace("{slug}", "nothing")
        .replace("{version}", "1");
    if path == "/live" {
        format!("{path}?topics=board")
    } else {
        path
    }
}

fn includes(role: Role, lowest: Role) -> bool {
    if lowest == Role::Worker {
        return role == Role::Worker;
    }
    let rank = |role| {
        [Role::Viewer, Role::Planner, Role::Operator, Role::Admin]
            .iter()
            .position(|each| *each == role)
    };
    rank(role) >= rank(lowest) && role != Role::Worker
}

#[tokio::test]
async fn each_role_reaches_exactly_its_endpoints() {
    let server = TestServer::start().await;
    let mut wrong = Vec::new();
    for role in Role::ALL {
        let token = server.token(role).await;
        for (method, path, lowest) in EXPECTED {
            let method: Method = method.parse().unwrap();
            let status = server.call(&token, method.clone(), &address(path), None).await.status();
            let is_allowed = lowest.is_none_or(|lowest| includes(role, lowest));
            if (status != 401 && status != 403) != is_allowed {
                wrong.push(format!("{role} {method} {path}: {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn nobody_reaches_what_is_not_open() {
    let server = TestServer::start().await;
    for (method, path, lowest) in EXPECTED {
        let method: Method = method.parse().unwrap();
        let answer = server
            .client
            .request(method.clone(), server.url(&address(path)))
            .send()
            .await
            .unwrap();
        assert_eq!(
            answer.status() == 401,
            lowest.is_some(),
            "{method} {path}: {}",
            answer.status()
        );
    }
}

#[tokio::test]
async fn a_token_for_some_actions_starts_and_reads_and_does_nothing_else() {
    let server = TestServer::start().await;
    let token = server.narrow_token(Role::Admin, Some(&["template.run"]), None).await;
    let mut wrong = Vec::new();
    for (method, path, _) in EXPECTED {
        let is_allowed = !matches!(
            access(method, path),
            Access::Call(
                Permission::ManageOwnRuns | Permission::ManageRuns | Permission::Administer | Permission::Work
            )
        );
        let method: Method = method.parse().unwrap();
        let status = server.call(&token, method.clone(), &address(path), None).await.status();
        if (status != 401 && status != 403) != is_allowed {
            wrong.push(format!("{method} {path}: {status}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_token_that_is_over_and_a_person_who_is_shut_out_reach_nothing() {
    let server = TestServer::start().await;
    let token = server.token(Role::Admin).await;
    let cookie = server.browser().await;
    server
        .db
        .execute(
            "update public.api_tokens set expires_at = clock_timestamp() - interval '1 second';
             update public.users set disabled_at = clock_timestamp()",
        )
        .await;
    for (method, path, lowest) in EXPECTED {
        let method: Method = method.parse().unwrap();
        let by_token = server.call(&token, method.clone(), &address(path), None).await.status();
        let request = server.client.request(method.clone(), server.url(&address(path)));
        let request = request.header("cookie", &cookie).header("origin", server.handle.url());
        let by_cookie = request.send().await.unwrap().status();
        assert_eq!(by_token == 401, lowest.is_some(), "{method} {path}: {by_token}");
        assert_eq!(by_cookie == 401, lowest.is_some(), "{method} {path}: {by_cookie}");
    }
}

#[tokio::test]
async fn the_shared_secret_makes_a_planner_and_a_wrong_one_nobody() {
    let server = TestServer::start().await;
    let call = async |method: Method, path: &str, secret: &str| {
        let request = server
            .client
            .request(method, server.url(path))
            .header("x-roadmap-ai-secret", secret);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(call(Method::GET, "/api/runs", SECRET).await, 200);
    assert_eq!(call(Method::POST, "/runs.create", SECRET).await, 403);
    assert_eq!(call(Method::GET, "/api/runs", "another secret").await, 401);
    assert_eq!(call(Method::GET, "/api/runs", "").await, 401);
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_refused() {
    let server = TestServer::start().await;
    let token = server.token(Role::Viewer).await;
    assert_eq!(server.get(&token, "/api/lanes").await.0, 200);
    server
        .db
        .execute("update public.api_tokens set revoked_at = clock_timestamp()")
        .await;
    assert_eq!(server.get(&token, "/api/lanes").await.0, 401);
}

#[test]
fn every_described_endpoint_has_its_row() {
    let document: serde_json::Value = serde_json::from_str(&openapi::document()).unwrap();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .keys()
                .map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let expected = EXPECTED
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()));
    assert_eq!(described, expected.collect());
    let listed: BTreeSet<_> = TABLE
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert!(
        described.is_subset(&listed),
        "{:?}",
        described.difference(&listed).collect::<Vec<_>>()
    );
}
