//! `rerun_run`: once more, with changes, from the start or from a step.

use crate::world::{World, refusal};
use db::queue;
use domain::Role;
use serde_json::{Value, json};

/// A run of a template whose step `a` succeeded and whose step `b` failed.
async fn half_done(world: &World) -> String {
    world.template("check").await;
    world
        .try_enqueue(json!({"template": "check", "params": {"url": "x"}}))
        .await
        .unwrap();
    let worker = world.worker("w1").await;
    let run = world.claim(worker, 1).await.remove(0);
    world.step(&run, "a", 0, "success", json!({"n": 1})).await;
    world.step(&run, "b", 1, "failed", json!(null)).await;
    world.complete(&run, "failed", None, false).await;
    run.run_id
}

async fn rerun(world: &World, run: &str, changes: Value, from_step: Option<&str>) -> Result<String, db::DbError> {
    let answer = queue::rerun_run(&mut *world.conn().await, run, &changes, from_step).await?;
    Ok(answer.run_id)
}

#[tokio::test]
async fn from_the_start_nothing_is_kept() {
    let world = World::new().await;
    let old = half_done(&world).await;
    rerun(&world, &old, json!({}), None).await.unwrap();
    let worker = world.worker("w2").await;
    assert!(world.claim(worker, 1).await[0].steps_done.is_empty());
}

#[tokio::test]
async fn from_a_step_the_results_before_it_are_kept() {
    let world = World::new().await;
    let old = half_done(&world).await;
    let new = rerun(&world, &old, json!({}), Some("b")).await.unwrap();
    let worker = world.worker("w2").await;
    let run = world.claim(worker, 1).await.remove(0);
    assert_eq!(run.run_id, new);
    assert_eq!(Value::from(run.steps_done), json!({"a": {"n": 1}}));
}

#[tokio::test]
async fn changes_replace_what_they_name() {
    let world = World::new().await;
    let old = half_done(&world).await;
    let new = rerun(
        &world,
        &old,
        json!({"params": {"url": "y"}, "lane": "C", "priority": 1}),
        None,
    )
    .await
    .unwrap();
    assert_eq!(
        world
            .value(&format!(
                "select concat_ws(' ', lane, priority, params) from runs where run_id = '{new}'"
            ))
            .await,
        r#"C 1 {"url": "y", "times": 3}"#
    );
}

#[tokio::test]
async fn a_change_of_anything_else_is_refused() {
    let world = World::new().await;
    let old = half_done(&world).await;
    let answer = rerun(&world, &old, json!({"template": "other"}), None).await;
    assert_eq!(refusal(answer), "422 unknown_field changes.template");
}

#[tokio::test]
async fn a_wrong_parameter_is_refused_as_at_the_first_time() {
    let world = World::new().await;
    let old = half_done(&world).await;
    let answer = rerun(&world, &old, json!({"params": {"url": 1}}), None).await;
    assert_eq!(refusal(answer), "422 invalid_param params.url");
}

#[tokio::test]
async fn a_step_that_the_template_does_not_have_is_refused() {
    let world = World::new().await;
    let old = half_done(&world).await;
    assert_eq!(
        refusal(rerun(&world, &old, json!({}), Some("z")).await),
        "422 unknown_step from_step"
    );
}

#[tokio::test]
async fn it_runs_the_version_that_the_old_run_had() {
    let world = World::new().await;
    let old = half_done(&world).await;
    world
        .execute(
            "insert into run_template_versions (slug, version, definition, source) select slug, 2, definition, source from run_template_versions;
             update run_templates set latest_version = 2",
        )
        .await;
    let new = rerun(&world, &old, json!({}), None).await.unwrap();
    assert_eq!(
        world
            .value(&format!("select template_version from runs where run_id = '{new}'"))
            .await,
        "1"
    );
}

#[tokio::test]
async fn a_planner_cannot_put_off_a_run_to_a_time_that_no_reader_can_hold() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Planner).await;
    let old = queue::enqueue_run(&mut tx, &json!({"action": "test.noop"}))
        .await
        .unwrap()
        .run_id;
    let answer = queue::rerun_run(&mut tx, &old, &json!({"run_after": "infinity"}), None).await;
    assert_eq!(refusal(answer), "422 invalid_field run_after");
}

#[tokio::test]
async fn changes_of_the_wrong_form_are_refused_with_their_field() {
    let world = World::new().await;
    let old = half_done(&world).await;
    for (changes, field) in [
        (json!([]), "changes"),
        (json!("lane"), "changes"),
        (json!({"params": [1]}), "changes.params"),
        (json!({"options": 1}), "changes.options"),
    ] {
        assert_eq!(
            refusal(rerun(&world, &old, changes.clone(), None).await),
            format!("422 invalid_field {field}"),
            "{changes}"
        );
    }
}

#[tokio::test]
async fn a_note_stands_in_the_story_of_both_runs_and_in_the_audit_log() {
    let world = World::new().await;
    let old = half_done(&world).await;
    let mut tx = world.person("ann", Role::Operator).await;
    let new = queue::rerun_run(&mut tx, &old, &json!({"note": "  with the right month "}), None)
        .await
        .unwrap()
        .run_id;
    tx.commit().await.unwrap();
    let told = async |run: &str, kind: &str| {
        world
            .value(&format!(
                "select message from run_events where run_id = '{run}' and kind = '{kind}'"
            ))
            .await
    };
    assert!(told(&old, "rerun").await.ends_with(": with the right month"));
    assert!(told(&new, "note").await.ends_with(": with the right month"));
    let audited = "select detail ->> 'note' from audit_log where verb = 'rerun_run'";
    assert_eq!(world.value(audited).await, "with the right month");
    assert_eq!(
        refusal(rerun(&world, &old, json!({"note": 7}), None).await),
        "422 invalid_field changes.note"
    );
}
