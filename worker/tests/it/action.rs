//! Built-in actions: as a run of their own, and as steps.

use crate::stage::Stage;
use futures::future::BoxFuture;
use runs::actions::{ActionCall, ActionFailure, ActionHandler, Handlers};
use serde_json::{Value, json};
use worker::steps::action::Action;

/// Says what it was called with, in every way a handler can.
struct Echo;

impl ActionHandler for Echo {
    fn run<'a>(&'a self, call: ActionCall<'a>) -> BoxFuture<'a, Result<Value, ActionFailure>> {
        Box::pin(async move {
            call.voice.log("a line").await;
            call.voice
                .event("echoed", "It was echoed.".to_owned(), Some(json!({"n": 1})));
            call.voice.progress(1, Some(2), "half");
            call.begin().await?.commit().await.unwrap();
            if call.options.contains_key("hang") {
                call.stop.cancelled().await;
                return Err(ActionFailure::stopped());
            }
            if call.options.contains_key("fail") {
                return Err(ActionFailure::new("out_of_paper", "there is no paper").hint("Buy some."));
            }
            Ok(json!({"options": call.options, "scope": call.scope, "by": call.requested_by["actor"]}))
        })
    }
}

async fn stage_with_echo() -> (Stage, worker::Handle) {
    let stage = Stage::new().await;
    let mut worker = stage.worker("w1");
    worker.kinds = worker
        .kinds
        .with("action", Action::new(Handlers::builtin().with("test.echo", Echo)));
    let handle = worker.start().await.unwrap();
    (stage, handle)
}

#[tokio::test]
async fn a_run_without_a_template_is_done_by_the_handler_of_its_action() {
    let (mut stage, _worker) = stage_with_echo().await;
    let spec = json!({"action": "test.echo", "options": {"text": "{{ not.filled }}"}, "scope": {"rows": [3]}});
    let run = stage.enqueue_spec(spec).await;
    stage.ends(&run, "success").await;
    let output = stage.steps(&run, "status || ' ' || kind || ' ' || output").await;
    assert_eq!(
        output,
        r#"action success action {"by": "system", "scope": {"rows": [3]}, "options": {"text": "{{ not.filled }}"}}"#
    );
    assert_eq!(stage.log(&run).await, "a line");
    assert_eq!(
        stage.events(&run).await,
        "queued claimed step_started echoed step_finished success"
    );
    assert_eq!(stage.db.value("select progress ->> 'message' from runs").await, "half");
}

#[tokio::test]
async fn a_failed_action_fails_its_run_in_the_words_of_the_handler() {
    let (mut stage, _worker) = stage_with_echo().await;
    let run = stage
        .enqueue_spec(json!({"action": "test.echo", "options": {"fail": true}}))
        .await;
    stage
        .ends(
            &run,
            r#"failed {"code": "out_of_paper", "hint": "Buy some.", "step": "action", "message": "there is no paper"}"#,
        )
        .await;
}

#[tokio::test]
async fn an_action_that_is_canceled_stops() {
    let (mut stage, _worker) = stage_with_echo().await;
    let run = stage
        .enqueue_spec(json!({"action": "test.echo", "options": {"hang": true}}))
        .await;
    stage
        .until("select count(*) from run_events where kind = 'echoed'", "1")
        .await;
    stage.db.execute(&format!("select cancel_run('{run}')")).await;
    stage.ends(&run, "canceled").await;
}

#[tokio::test]
async fn an_action_that_nobody_knows_fails_and_says_what_is_known() {
    let (mut stage, _worker) = stage_with_echo().await;
    let run = stage.enqueue_spec(json!({"action": "no.such"})).await;
    stage
        .ends(
            &run,
            r#"failed {"code": "unknown_action", "hint": "It knows artifacts.sweep, retention.apply, runs.bulk, template.run, test.echo."#,
        )
        .await;
}

#[tokio::test]
async fn a_step_starts_a_run_of_another_template() {
    let (mut stage, _worker) = stage_with_echo().await;
    let other = json!({"version": 1, "slug": "other", "title": "Other", "params": {"properties": {"n": {"type": "integer"}}},
        "steps": [{"id": "a", "kind": "shell", "with": {"script": "echo child $1", "args": ["{{ params.n }}"]}}]});
    let first = stage.enqueue_source(&other.to_string(), json!({"n": 1})).await;
    stage.ends(&first, "success").await;
    let step = json!({"id": "start", "kind": "action", "with": {
        "action": "template.run", "options": {"template": "other", "params": {"n": "{{ params.n }}"}}}});
    let parent = stage.enqueue_with(json!([step]), json!({}), json!({"n": 7})).await;
    stage.ends(&parent, "success").await;
    let child = stage
        .db
        .value(&format!("select run_id from runs where parent_run_id = '{parent}'"))
        .await;
    stage.ends(&child, "success").await;
    assert_eq!(stage.log(&child).await, "child 7");
    assert_eq!(
        stage
            .db
            .value(&format!(
                "select output ->> 'run_id' from run_steps where run_id = '{parent}'"
            ))
            .await,
        child
    );
}
