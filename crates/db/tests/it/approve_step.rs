//! `approve_step`: a decision is made once, by somebody who may.

use crate::world::{World, refusal};
use db::queue::{self, Decided};
use domain::{Decision, Role};
use serde_json::json;

async fn decide(
    world: &World,
    who: (&str, Role),
    run_id: &str,
    step: &str,
    decision: Decision,
) -> Result<Decided, db::DbError> {
    let mut tx = world.person(who.0, who.1).await;
    let decided = queue::approve_step(&mut tx, run_id, step, decision, Some("looks good")).await;
    if decided.is_ok() {
        tx.commit().await.unwrap();
    }
    decided
}

#[tokio::test]
async fn an_approved_run_goes_on_in_front_with_the_decision_as_output() {
    let world = World::new().await;
    let run = world.waiting(json!({})).await;
    let decided = decide(&world, ("olga", Role::Operator), &run.run_id, "ok", Decision::Approve)
        .await
        .unwrap();
    assert_eq!(
        (decided.status.as_str(), decided.by.as_deref()),
        ("queued", Some("olga@example.org"))
    );
    assert_eq!(world.places(&run.run_id).await, "queue");
    assert_eq!(world.value("select seq from runboard_internal.run_queue").await, "0");
    assert_eq!(
        world
            .value("select status || ' ' || (output - 'decided_at') from run_steps where step = 'ok'")
            .await,
        r#"success {"by": "olga@example.org", "note": "looks good", "decision": "approve"}"#
    );
    assert!(
        world
            .messages(&run.run_id)
            .await
            .ends_with("Approved by olga@example.org: looks good")
    );
    assert_eq!(
        world
            .value("select actor || ' ' || (detail ->> 'decision') from audit_log where verb = 'approve_step'")
            .await,
        "olga@example.org approve"
    );
    let worker = world.worker("w2").await;
    let claimed = world.claim(worker, 1).await.remove(0);
    assert_eq!(claimed.attempt, 1);
    assert_eq!(claimed.steps_done.keys().collect::<Vec<_>>(), ["a", "ok"]);
}

#[tokio::test]
async fn a_rejected_run_fails_in_the_words_of_who_rejected() {
    let world = World::new().await;
    let run = world.waiting(json!({})).await;
    let decided = decide(&world, ("olga", Role::Operator), &run.run_id, "ok", Decision::Reject)
        .await
        .unwrap();
    assert_eq!(decided.status, "failed");
    assert_eq!(world.state(&run.run_id).await, "failed/rejected");
    assert_eq!(world.places(&run.run_id).await, "");
    assert_eq!(
        world
            .value("select (error ->> 'step') || ': ' || (error ->> 'message') from runs")
            .await,
        "ok: Rejected by olga@example.org: looks good"
    );
    assert!(world.events(&run.run_id).await.ends_with("waiting rejected failed"));
}

#[tokio::test]
async fn a_rejected_step_whose_failure_is_tolerated_lets_the_run_go_on() {
    let world = World::new().await;
    let run = world.waiting_at(json!({"on_failure": "continue"}), json!({})).await;
    let decided = decide(&world, ("olga", Role::Operator), &run.run_id, "ok", Decision::Reject)
        .await
        .unwrap();
    assert_eq!(decided.status, "queued");
    assert_eq!(
        world
            .value("select status || ' ' || (error ->> 'code') from run_steps where step = 'ok'")
            .await,
        "failed rejected"
    );
}

#[tokio::test]
async fn roles_stand_in_a_row_and_the_wait_names_the_lowest() {
    let world = World::new().await;
    let run = world.waiting(json!({"role": "operator"})).await;
    for role in [Role::Viewer, Role::Planner] {
        let refused = decide(&world, ("vera", role), &run.run_id, "ok", Decision::Approve).await;
        assert_eq!(refusal(refused), "403 forbidden");
    }
    assert_eq!(world.places(&run.run_id).await, "waits");
    decide(&world, ("ada", Role::Admin), &run.run_id, "ok", Decision::Approve)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_same_decision_again_is_the_same_answer_and_the_opposite_is_refused() {
    let world = World::new().await;
    let run = world.waiting(json!({})).await;
    let first = decide(&world, ("olga", Role::Operator), &run.run_id, "ok", Decision::Approve)
        .await
        .unwrap();
    let again = decide(&world, ("otto", Role::Operator), &run.run_id, "ok", Decision::Approve)
        .await
        .unwrap();
    assert_eq!(again, first);
    let opposite = decide(&world, ("otto", Role::Operator), &run.run_id, "ok", Decision::Reject).await;
    assert_eq!(refusal(opposite), "409 already_decided decision");
    assert_eq!(
        world
            .value("select count(*) from audit_log where verb = 'approve_step'")
            .await,
        "1"
    );
}

#[tokio::test]
async fn what_does_not_wait_cannot_be_decided() {
    let world = World::new().await;
    let run = world.waiting(json!({})).await;
    let olga = ("olga", Role::Operator);
    let other_step = decide(&world, olga, &run.run_id, "a", Decision::Approve).await;
    assert_eq!(refusal(other_step), "409 not_waiting step");
    let nobody = decide(&world, olga, "run_20200101_000000_aaaaaaaa", "ok", Decision::Approve).await;
    assert_eq!(refusal(nobody), "404 unknown_run run_id");
}

#[tokio::test]
async fn of_two_decisions_at_once_one_stands() {
    let world = World::new().await;
    let run = world.waiting(json!({})).await;
    let (yes, no) = tokio::join!(
        decide(&world, ("olga", Role::Operator), &run.run_id, "ok", Decision::Approve),
        decide(&world, ("otto", Role::Operator), &run.run_id, "ok", Decision::Reject),
    );
    assert_eq!(usize::from(yes.is_ok()) + usize::from(no.is_ok()), 1);
    assert_eq!(
        world
            .value("select count(*) from run_events where kind in ('approved', 'rejected')")
            .await,
        "1"
    );
}
