//! The contract of the sheet menus.

use crate::client::{TestServer, answer};
use domain::Role;
use serde_json::{Value, json};

fn click(name: &str) -> Value {
    json!({
        "action": "template.run",
        "options": {"template": "greet", "params": {"name": name}, "lane": null, "priority": null},
        "requested_by": {"ui": "apps_script", "user_email": "pm@example.com"},
    })
}

#[tokio::test]
async fn an_action_answers_with_a_run_that_can_be_followed() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let (status, started) = server.post(&token, "/actions/run", click("Ada")).await;
    assert_eq!((status, started["status"].as_str()), (201, Some("queued")), "{started}");
    assert!(started["queued_at"].is_string());
    let id = started["run_id"].as_str().unwrap();
    let (status, run) = server.get(&token, &format!("/actions/run/{id}")).await;
    assert_eq!(status, 200);
    assert_eq!(
        (run["action"].as_str(), run["status"].as_str()),
        (Some("template.run"), Some("queued")),
        "{run}"
    );
    assert_eq!(
        (&run["result"], &run["error"], &run["finished_at"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(run["progress"], json!({"done": 0, "total": 1, "message": null}));
    let claimed = server
        .db
        .value("select requested_by->>'claimed_email' from public.runs")
        .await;
    assert_eq!(claimed, "pm@example.com");
}

#[tokio::test]
async fn an_equal_click_joins_the_run_that_is_queued() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let (_, first) = server.post(&token, "/actions/run", click("Ada")).await;
    let (status, second) = server.post(&token, "/actions/run", click("Ada")).await;
    assert_eq!((status, second["coalesced"].as_bool()), (200, Some(true)), "{second}");
    assert_eq!(first["run_id"], second["run_id"]);
    let (status, third) = server.post(&token, "/actions/run", click("Grace")).await;
    assert_eq!(status, 201, "{third}");
}

#[tokio::test]
async fn the_same_key_is_the_same_click() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let press = async || {
        let request = server.client.post(server.url("/actions/run")).bearer_auth(&token);
        answer(
            request
                .header("idempotency-key", "one")
                .json(&click("Ada"))
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    let (first_status, first) = press().await;
    let (second_status, second) = press().await;
    assert_eq!((first_status, second_status), (201, 200));
    assert_eq!(first["run_id"], second["run_id"]);
}

#[tokio::test]
async fn a_click_that_does_not_fit_says_the_field_and_what_is_allowed() {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    let cases = [
        (json!({"action": "pm.dance"}), "action", "template.run"),
        (
            json!({"action": "template.run", "options": {"template": "greet", "limit": 3}}),
            "options.limit",
            "priority",
        ),
        (
            json!({"action": "template.run", "options": {"template": 3}}),
            "options.template",
            "string",
        ),
        (
            json!({"action": "template.run", "options": {"template": "greet"}, "scope": {"type": "all"}}),
            "scope",
            "no scope",
        ),
        (
            json!({"action": "template.run", "options": {"template": "greet"}}),
            "options.params.name",
            "missing",
        ),
        (
            json!({"action": "template.run", "options": {"template": "nothing"}}),
            "options.template",
            "nothing",
        ),
    ];
    for (body, field, words) in cases {
        let (status, problem) = server.post(&token, "/actions/run", body.clone()).await;
        assert_eq!(
            (status, problem["field"].as_str()),
            (422, Some(field)),
            "{body}: {problem}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(words), "{body}: {problem}");
    }
    let (status, problem) = server
        .post(&token, "/actions/run", json!({"action": "template.run", "optoins": {}}))
        .await;
    assert_eq!((status, problem["field"].as_str()), (422, Some("optoins")));
}

#[tokio::test]
async fn actions_are_listed_with_their_options() {
    let server = TestServer::start().await;
    let token = server.token(Role::Viewer).await;
    let (_, list) = server.get(&token, "/api/actions").await;
    let items = list["items"].as_array().unwrap();
    let action = items.iter().find(|action| action["name"] == "template.run").unwrap();
    assert_eq!(
        action["options"][0],
        json!({
            "name": "template", "type": "string", "required": true, "meaning": "Slug of the template.",
        })
    );
}
