//! `suspend_run`: a run that waits holds nothing but its key.

use crate::world::{World, refusal};
use serde_json::json;

#[tokio::test]
async fn a_waiting_run_holds_no_slot_and_its_try_does_not_count() {
    let world = World::new().await;
    let run = world.waiting(json!({"message": "Ship it?"})).await;
    assert_eq!(world.places(&run.run_id).await, "waits");
    assert_eq!(
        world
            .value("select concat_ws(' ', status, attempt, crash_count) from runs")
            .await,
        "waiting 0 0"
    );
    assert_eq!(
        world
            .value("select string_agg(step || ' ' || status, ', ' order by position) from run_steps")
            .await,
        "a success, ok waiting"
    );
    assert!(
        world
            .messages(&run.run_id)
            .await
            .ends_with("Waits for the approval of an operator: Ship it?")
    );
    assert_eq!(world.value("select outcome from run_attempts").await, "suspended");
}

#[tokio::test]
async fn a_resend_answers_as_the_first_time_and_a_stranger_is_lost() {
    let world = World::new().await;
    let mut run = world.waiting(json!({})).await;
    assert_eq!(world.suspend(&run, json!({})).await.unwrap(), "ok");
    assert_eq!(world.complete(&run, "success", None, false).await, "lost");
    run.lease_seq += 1000;
    assert_eq!(world.suspend(&run, json!({})).await.unwrap(), "lost");
    assert_eq!(world.value("select count(*) from run_attempts").await, "1");
}

#[tokio::test]
async fn a_run_that_was_to_be_canceled_does_not_begin_to_wait() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.execute(&format!("select cancel_run('{}')", run.run_id)).await;
    assert_eq!(world.suspend(&run, json!({})).await.unwrap(), "ok");
    assert_eq!(world.state(&run.run_id).await, "canceled/canceled_by_person");
    assert_eq!(world.places(&run.run_id).await, "");
}

#[tokio::test]
async fn a_wait_without_the_right_form_is_refused_and_the_run_stays_held() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    for (wait, field) in [
        (json!({"kind": "nap"}), "wait.kind"),
        (json!({"role": null}), "wait.role"),
        (json!({"role": "worker"}), "wait.role"),
        (json!({"kind": "timer"}), "wait.due_at"),
        (json!({"kind": "timer", "due_at": "soon"}), "wait.due_at"),
        (json!({"kind": "timer", "due_at": "infinity"}), "wait.due_at"),
        (json!({"kind": "run"}), "wait.data.run_id"),
        (json!({"on_timeout": "shrug"}), "wait.on_timeout"),
    ] {
        let refused = refusal(world.suspend(&run, wait.clone()).await);
        assert!(
            refused.starts_with("422") && refused.ends_with(field),
            "{wait} {refused}"
        );
    }
    assert_eq!(
        refusal(world.suspend(&run, json!({"colour": "red"})).await),
        "422 unknown_field wait.colour"
    );
    assert_eq!(world.places(&run.run_id).await, "leases");
}

#[tokio::test]
async fn a_wait_for_a_run_that_has_ended_is_over_at_once() {
    let world = World::new().await;
    let child = world.running(json!({})).await;
    world.complete(&child, "success", None, false).await;
    let wait = json!({"kind": "run", "data": {"run_id": child.run_id}});
    let run = world.waiting(wait).await;
    assert_eq!(world.places(&run.run_id).await, "queue");
}
