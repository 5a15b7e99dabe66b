//! `resume_run`: an outcome from outside ends a wait.

use crate::world::{World, refusal};
use db::queue::{self, Resumed};
use domain::Role;
use serde_json::{Value, json};

async fn resume(world: &World, role: Role, run_id: &str, outcome: Value) -> Result<Resumed, db::DbError> {
    let mut tx = world.person("olga", role).await;
    let resumed = queue::resume_run(&mut tx, run_id, &outcome).await;
    if resumed.is_ok() {
        tx.commit().await.unwrap();
    }
    resumed
}

#[tokio::test]
async fn an_outcome_becomes_the_output_of_the_step() {
    let world = World::new().await;
    let run = world.waiting(json!({"kind": "callback"})).await;
    let resumed = resume(&world, Role::Operator, &run.run_id, json!({"output": {"id": 7}}))
        .await
        .unwrap();
    assert_eq!((resumed.status.as_str(), resumed.resumed), ("queued", true));
    assert_eq!(
        world
            .value("select status || ' ' || output from run_steps where step = 'ok'")
            .await,
        r#"success {"id": 7}"#
    );
    assert_eq!(
        world
            .value("select count(*) from audit_log where verb = 'resume_run'")
            .await,
        "1"
    );
}

#[tokio::test]
async fn the_same_outcome_again_is_the_same_answer_and_another_is_refused() {
    let world = World::new().await;
    let run = world.waiting(json!({"kind": "callback"})).await;
    resume(&world, Role::Operator, &run.run_id, json!({"output": 1}))
        .await
        .unwrap();
    let again = resume(&world, Role::Operator, &run.run_id, json!({"output": 1}))
        .await
        .unwrap();
    assert!(!again.resumed);
    let other = resume(&world, Role::Operator, &run.run_id, json!({"output": 2})).await;
    assert_eq!(refusal(other), "409 not_waiting run_id");
}

#[tokio::test]
async fn a_failed_outcome_fails_the_step_and_the_run() {
    let world = World::new().await;
    let run = world.waiting(json!({"kind": "callback"})).await;
    let outcome = json!({"status": "failed", "error": {"code": "no_paper", "message": "There is no paper."}});
    assert_eq!(
        resume(&world, Role::Operator, &run.run_id, outcome)
            .await
            .unwrap()
            .status,
        "failed"
    );
    assert_eq!(world.state(&run.run_id).await, "failed/no_paper");
}

#[tokio::test]
async fn an_approval_is_decided_not_resumed() {
    let world = World::new().await;
    let run = world.waiting(json!({})).await;
    let refused = resume(&world, Role::Admin, &run.run_id, json!({})).await;
    assert_eq!(refusal(refused), "409 needs_approval run_id");
}

#[tokio::test]
async fn resuming_needs_an_operator_and_the_right_form() {
    let world = World::new().await;
    let run = world.waiting(json!({"kind": "timer", "timeout_seconds": 60})).await;
    assert_eq!(
        refusal(resume(&world, Role::Planner, &run.run_id, json!({})).await),
        "403 forbidden"
    );
    let strange = resume(&world, Role::Operator, &run.run_id, json!({"outcome": 1})).await;
    assert_eq!(refusal(strange), "422 unknown_field outcome.outcome");
    let strange = resume(&world, Role::Operator, &run.run_id, json!({"status": "maybe"})).await;
    assert_eq!(refusal(strange), "422 invalid_field outcome.status");
    assert_eq!(world.places(&run.run_id).await, "waits");
}
