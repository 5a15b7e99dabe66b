//! Bulk operations, retention and export over HTTP.

use crate::client::TestServer;
use domain::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// A server with so many queued runs of lane A.
async fn scene(count: usize) -> (TestServer, String) {
    let server = TestServer::start().await;
    let sql = format!(
        "select count(*) from (select enqueue_runs((select jsonb_agg(jsonb_build_object('action', 'test.noop', 'lane', 'A', 'title', '=run ' || n)) from generate_series(1, {count}) as n))) as e"
    );
    server.db.execute(&sql).await;
    let token = server.token(Role::Operator).await;
    (server, token)
}

#[tokio::test]
async fn what_was_previewed_is_frozen_and_done_by_a_run() {
    let (server, token) = scene(12).await;
    let wish = json!({"verb": "cancel", "filter": {"lane": "A", "status": "queued"}});
    let (status, preview) = server.post(&token, "/api/bulk/preview", wish.clone()).await;
    assert_eq!((status, &preview["count"]), (200, &json!(12)), "{preview}");
    assert_eq!(preview["sample"].as_array().unwrap().len(), 10);

    let mut wrong = wish.clone();
    wrong["expected_count"] = json!(11);
    let (status, problem) = server.post(&token, "/api/bulk", wrong).await;
    assert_eq!((status, &problem["code"]), (409, &json!("count_changed")));

    let mut right = wish;
    right["expected_count"] = preview["count"].clone();
    let (status, made) = server.post(&token, "/api/bulk", right).await;
    assert_eq!(
        (status, &made["status"], &made["count"]),
        (201, &json!("queued"), &json!(12)),
        "{made}"
    );
    let id = made["bulk_id"].as_str().unwrap();
    let (_, run) = server
        .get(&token, &format!("/api/runs/{}", made["run_id"].as_str().unwrap()))
        .await;
    assert_eq!(run["lane"], "D", "{run}");

    let (_, first) = server
        .get(&token, &format!("/api/bulk/{id}/items?limit=5&outcome=pending"))
        .await;
    assert_eq!(first["items"].as_array().unwrap().len(), 5);
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, second) = server
        .get(&token, &format!("/api/bulk/{id}/items?limit=5&cursor={cursor}"))
        .await;
    assert_eq!(second["items"][0]["place"], 6);
    let (_, list) = server.get(&token, "/api/bulk").await;
    assert_eq!(list["items"][0]["bulk_id"], *id);

    // Its run is canceled before it began: the operation ends with it, and its counts add up.
    server
        .post(&token, "/runs.cancel", json!({"run_id": made["run_id"]}))
        .await;
    for _ in 0..150 {
        let (_, ended) = server.get(&token, &format!("/api/bulk/{id}")).await;
        if ended["status"] == "canceled" {
            assert_eq!(ended["skipped_count"], 12);
            return;
        }
        let for_ever = std::future::pending::<()>();
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), for_ever).await;
    }
    panic!("the operation never ended");
}

#[tokio::test]
async fn a_filter_that_says_nothing_or_nonsense_is_refused() {
    let (server, token) = scene(1).await;
    for (body, field) in [
        (json!({"verb": "cancel", "filter": {}}), "filter"),
        (json!({"verb": "cancel"}), "filter"),
        (json!({"verb": "explode", "filter": {"lane": "A"}}), "verb"),
        (json!({"verb": "cancel", "filter": {"status": "tired"}}), "status"),
        (json!({"verb": "cancel", "filter": {"lain": "A"}}), "filter.lain"),
    ] {
        let (status, problem) = server.post(&token, "/api/bulk", body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
    }
}

#[tokio::test]
async fn the_same_key_starts_one_operation() {
    let (server, token) = scene(2).await;
    let mut ids = Vec::new();
    for expected in [201, 200] {
        let request = server
            .client
            .post(server.url("/api/bulk"))
            .bearer_auth(&token)
            .header("idempotency-key", "click");
        let response = request
            .json(&json!({"verb": "cancel", "filter": {"lane": "A"}}))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), expected);
        ids.push(response.json::<Value>().await.unwrap()["bulk_id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn an_export_has_every_run_once_whatever_its_format() {
    let (server, token) = scene(1100).await;
    let export = async |format: &str| {
        let path = format!("/api/runs/export?lane=A&format={format}");
        server
            .call(&token, Method::GET, &path, None)
            .await
            .text()
            .await
            .unwrap()
    };
    let ndjson = export("ndjson").await;
    let mut ids: Vec<String> = ndjson
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["run_id"].to_string())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 1100);
    let json: Value = serde_json::from_str(&export("json").await).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1100);
    let csv = export("csv").await;
    assert_eq!(csv.lines().count(), 1101);
    assert!(csv.starts_with("run_id,title,status,"), "{}", &csv[..100]);
    assert!(csv.contains(",'=run 1,queued,"), "{}", &csv[..300]);
    let (status, problem) = server.get(&token, "/api/runs/export?format=xls").await;
    assert_eq!((status, &problem["field"]), (422, &json!("format")));
}

#[tokio::test]
async fn a_list_is_narrowed_by_each_part_of_the_grammar() {
    let (server, token) = scene(3).await;
    let count = async |query: &str| {
        let (status, page) = server.get(&token, &format!("/api/runs?{query}")).await;
        assert_eq!(status, 200, "{page}");
        page["items"].as_array().unwrap().len()
    };
    for (query, expected) in [
        ("env=default", 3),
        ("env=prod", 0),
        ("user=system", 3),
        ("user=ann", 0),
        ("reason=worker_lost", 0),
        ("dead=true", 0),
        ("dead=false", 3),
        ("parent=run_20260101_000000_aaaaaaaa", 0),
        ("session=s1", 0),
    ] {
        assert_eq!(count(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn an_admin_says_how_long_history_is_kept() {
    let (server, _) = scene(1).await;
    let token = server.token(Role::Admin).await;
    let put = async |body: Value| {
        let response = server.call(&token, Method::PUT, "/api/retention", Some(body)).await;
        crate::client::answer(response).await
    };
    let (status, problem) = put(json!({"runs": 7})).await;
    assert_eq!((status, &problem["field"]), (422, &json!("logs")));
    let (status, kept) = put(json!({"runs": 30, "logs": 7, "events": 14})).await;
    assert_eq!(status, 200, "{kept}");
    let (_, would) = server
        .post(&token, "/api/retention/run", json!({"dry_run": true}))
        .await;
    assert_eq!(
        (&would["run_id"], would["would_go"].as_array().unwrap().len()),
        (&Value::Null, 5)
    );
    let (status, run) = server.post(&token, "/api/retention/run", json!({})).await;
    assert_eq!(status, 202, "{run}");
    let (_, run) = server
        .get(&token, &format!("/api/runs/{}", run["run_id"].as_str().unwrap()))
        .await;
    assert_eq!((&run["action"], &run["lane"]), (&json!("retention.apply"), &json!("D")));
    let (_, schedules) = server.get(&token, "/api/schedules").await;
    let items = schedules["items"].as_array().unwrap();
    let retention = items.iter().find(|schedule| schedule["name"] == "Retention").unwrap();
    assert_eq!(retention["enabled"], json!(true));
}

#[tokio::test]
async fn a_workbook_is_one_of_its_kind() {
    let (server, token) = scene(700).await;
    let answer = server
        .call(&token, Method::GET, "/api/runs/export?lane=A&format=xlsx", None)
        .await;
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("runs.xlsx")
    );
    let bytes = answer.bytes().await.unwrap();
    assert!(
        bytes.starts_with(b"PK") && bytes.len() > 20_000,
        "{} bytes",
        bytes.len()
    );
}

#[tokio::test]
async fn states_that_are_derived_spans_and_parameters_narrow_a_list() {
    let (server, token) = scene(3).await;
    server
        .db
        .execute(r#"select enqueue_run('{"action": "test.noop", "lane": "B", "params": {"user": {"id": 7}}, "run_after": "2099-01-01T00:00:00Z"}')"#)
        .await;
    for (query, expected) in [
        ("status=scheduled", 1),
        ("status=queued", 4),
        ("status=queued>5m", 0),
        ("lane=A,B", 4),
        ("from=1h", 4),
        ("to=1h", 0),
        ("q=user.id:7", 1),
        ("q=user.id:7%0Anoop", 1),
        ("by=somebody,system&lane=A", 3),
    ] {
        let (status, page) = server.get(&token, &format!("/api/runs?{query}")).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(page["items"].as_array().unwrap().len(), expected, "{query}");
    }
    for (query, field) in [("status=queued>soon", "status"), ("from=tomorrow", "from")] {
        let (status, problem) = server.get(&token, &format!("/api/runs?{query}")).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
    }
}

#[tokio::test]
async fn a_view_is_saved_changed_and_forgotten() {
    let (server, token) = scene(1).await;
    let draft = json!({"name": "Late", "query": "lane=A&status=queued>5m"});
    let (status, made) = server.post(&token, "/api/views", draft.clone()).await;
    assert_eq!(status, 201, "{made}");
    let (status, problem) = server.post(&token, "/api/views", draft).await;
    assert_eq!((status, &problem["code"]), (409, &json!("name_taken")));
    let change = json!({"view_id": made["view_id"], "name": "Later", "is_shared": true});
    assert_eq!(server.post(&token, "/api/views", change).await.0, 200);
    let (_, list) = server.get(&token, "/api/views").await;
    let view = &list["items"][0];
    assert_eq!(
        (&view["name"], &view["query"]),
        (&json!("Later"), &json!("status=queued%3E5m&lane=A"))
    );
    let wrong = json!({"name": "Wrong", "query": "stauts=failed"});
    let (status, problem) = server.post(&token, "/api/views", wrong).await;
    assert_eq!((status, &problem["field"]), (422, &json!("query")));
    let path = format!("/api/views/{}", made["view_id"].as_str().unwrap());
    assert_eq!(server.call(&token, Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(server.call(&token, Method::DELETE, &path, None).await.status(), 404);
}
