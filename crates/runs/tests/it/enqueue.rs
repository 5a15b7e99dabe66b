//! Asking for runs.

use domain::{Claims, Role};
use runs::actions::{self, ActionRequest};
use runs::enqueue::{Command, EnqueueError, enqueue};
use runs::template;
use serde_json::json;
use testkit::TestDb;

const PING: &str = "
version: 1
slug: ping
title: Ping
lane: A
params:
  type: object
  required: [url]
  properties:
    url: { type: string, format: uri }
    count: { type: integer, minimum: 1, default: 3 }
steps:
  - { id: probe, kind: api, with: { url: '{{ params.url }}' } }
";

pub(crate) fn caller(role: Role) -> Claims {
    Claims {
        role,
        subject: format!("{role}-1"),
        actor: format!("token {role}"),
        ..Claims::command_line()
    }
}

pub(crate) async fn with_ping() -> TestDb {
    let db = TestDb::new().await;
    let mut tx = db::pool::begin_as(db.pool(), &caller(Role::Admin))
        .await
        .expect("a scene");
    template::save(&mut tx, &caller(Role::Admin), PING)
        .await
        .expect("a scene");
    tx.commit().await.expect("a scene");
    db
}

fn ping(params: &serde_json::Value) -> Command {
    Command {
        template: Some("ping".to_owned()),
        params: params.as_object().cloned().unwrap_or_default(),
        ..Command::default()
    }
}

#[tokio::test]
async fn a_run_takes_lane_title_and_defaults_from_its_template() {
    let db = with_ping().await;
    let operator = caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let enqueued = enqueue(&mut tx, &operator, ping(&json!({"url": "http://example.com"})))
        .await
        .unwrap();
    tx.commit().await.unwrap();

    assert!(enqueued.created);
    assert_eq!(
        db.value("select lane || ' ' || title || ' ' || (params ->> 'count') || ' ' || (requested_by ->> 'actor') from public.runs").await,
        "A Ping 3 token operator"
    );
}

#[tokio::test]
async fn each_parameter_that_does_not_fit_is_named() {
    let db = with_ping().await;
    let operator = caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let refused = enqueue(&mut tx, &operator, ping(&json!({"count": 0, "colour": "red"}))).await;
    let Err(EnqueueError::InvalidParams { problems }) = refused else {
        panic!("{refused:?}")
    };
    let text = format!("{problems:?}");
    for expected in ["url", "count", "colour"] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
}

#[tokio::test]
async fn a_planner_starts_no_template_and_a_viewer_no_action() {
    let db = with_ping().await;
    let planner = caller(Role::Planner);
    let mut tx = db::pool::begin_as(db.pool(), &planner).await.unwrap();
    let refused = enqueue(&mut tx, &planner, ping(&json!({"url": "http://example.com"}))).await;
    assert!(
        matches!(
            refused,
            Err(EnqueueError::Forbidden {
                needed: Role::Operator,
                ..
            })
        ),
        "{refused:?}"
    );

    let viewer = caller(Role::Viewer);
    let request = ActionRequest {
        action: "template.run".to_owned(),
        ..ActionRequest::default()
    };
    assert!(actions::start(&mut tx, &viewer, request).await.is_err());
}

#[tokio::test]
async fn an_equal_click_joins_the_run_that_is_still_queued() {
    let db = with_ping().await;
    let operator = caller(Role::Operator);
    let options = json!({"template": "ping", "params": {"url": "http://example.com"}})
        .as_object()
        .cloned()
        .unwrap();
    let request = ActionRequest {
        action: "template.run".to_owned(),
        options,
        ..ActionRequest::default()
    };
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let first = actions::start(&mut tx, &operator, request.clone()).await.unwrap();
    let second = actions::start(&mut tx, &operator, request).await.unwrap();
    assert_eq!(first.run_id, second.run_id);
    assert!(first.created && second.coalesced);
}

#[tokio::test]
async fn what_no_reader_could_take_is_refused() {
    let db = with_ping().await;
    let operator = caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let asked = enqueue(
        &mut tx,
        &operator,
        ping(&json!({"url": "http://example.com", "more": deep})),
    )
    .await;
    let Err(EnqueueError::InvalidParams { problems }) = asked else {
        panic!("{asked:?}")
    };
    assert!(problems[0].message.contains("64 levels"), "{problems:?}");
}
