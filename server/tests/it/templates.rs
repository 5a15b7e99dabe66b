//! Templates over HTTP: versions, what changed, what is wrong, who may.

use crate::client::{TestServer, answer};
use domain::Role;
use serde_json::{Value, json};

const HEAD: &str = "version: 1\nslug: ping\ntitle: Ping\n";

fn request_step(url: &str) -> String {
    format!(
        "{HEAD}params: [{{ key: path, required: true }}]\nsteps:\n  - {{ id: get, kind: api, with: {{ url: '{url}' }} }}\n"
    )
}

fn shell_step() -> String {
    format!("{HEAD}steps:\n  - {{ id: say, kind: shell, with: {{ script: 'echo hi' }} }}\n")
}

async fn put(server: &TestServer, token: &str, text: String) -> (u16, Value) {
    let request = server.client.put(server.url("/api/templates/ping")).bearer_auth(token);
    answer(request.body(text).send().await.unwrap()).await
}

async fn post(server: &TestServer, token: &str, path: &str, text: String) -> (u16, Value) {
    let request = server.client.post(server.url(path)).bearer_auth(token);
    answer(request.body(text).send().await.unwrap()).await
}

#[tokio::test]
async fn versions_are_listed_read_and_compared() {
    let server = TestServer::start().await;
    let token = server.token(Role::Operator).await;
    assert_eq!(put(&server, &token, request_step("https://a.example/")).await.0, 200);
    assert_eq!(
        put(&server, &token, request_step("https://b.example/")).await.1["version"],
        2
    );
    let (_, list) = server.get(&token, "/api/templates/ping/versions").await;
    let numbers: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["version"])
        .collect();
    assert_eq!(numbers, [2, 1]);
    let (_, first) = server.get(&token, "/api/templates/ping/versions/1").await;
    assert_eq!(first["source"], json!(request_step("https://a.example/")));
    let (_, diff) = server.get(&token, "/api/templates/ping/diff?from=1").await;
    assert_eq!(
        (&diff["to"], &diff["added_count"], &diff["removed_count"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert!(
        diff["diff"]
            .as_str()
            .unwrap()
            .contains("+  - { id: get, kind: api, with: { url: 'https://b.example/' } }")
    );
    for path in [
        "/api/templates/none/versions",
        "/api/templates/ping/versions/9",
        "/api/templates/ping/diff?from=9",
    ] {
        assert_eq!(server.get(&token, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_text_is_checked_without_being_saved() {
    let server = TestServer::start().await;
    let token = server.token(Role::Planner).await;
    let text = request_step("https://a.example/{{ params.path }}?key={{ secrets.KEY }}");
    let (status, found) = post(&server, &token, "/api/templates/check", text).await;
    assert_eq!(
        (status, &found["ok"], &found["secrets"]),
        (200, &json!(true), &json!(["KEY"]))
    );
    assert_eq!(found["params"]["required"], json!(["path"]));
    let text = request_step("{{ params.paht }}");
    let (_, found) = post(&server, &token, "/api/templates/check", text).await;
    assert_eq!((&found["ok"], &found["params"]), (&json!(false), &Value::Null));
    let finding = &found["findings"][0];
    assert_eq!(
        (&finding["line"], &finding["path"]),
        (&json!(6), &json!("steps[0].with.url"))
    );
    assert!(finding["column"].is_u64());
    let (_, list) = server.get(&token, "/api/templates").await;
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn a_script_takes_an_admin_whether_it_comes_or_goes() {
    let server = TestServer::start().await;
    let (operator, admin) = (server.token(Role::Operator).await, server.token(Role::Admin).await);
    assert_eq!(put(&server, &operator, shell_step()).await.0, 403);
    assert_eq!(put(&server, &admin, shell_step()).await.0, 200);
    assert_eq!(put(&server, &operator, request_step("https://a.example/")).await.0, 403);
    let archive = "/api/templates/ping/archive";
    assert_eq!(post(&server, &operator, archive, String::new()).await.0, 403);
    assert_eq!(post(&server, &admin, archive, String::new()).await.0, 204);
    assert_eq!(server.get(&admin, "/api/templates").await.1["items"], json!([]));
}
