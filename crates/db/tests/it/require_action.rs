//! `require_action`: by SQL too, an action is started by its role and those above.

use crate::world::{World, refusal};
use db::{queue, schedules};
use domain::Role;
use serde_json::{Value, json};

async fn refused(role: Role, spec: Value) -> String {
    let world = World::new().await;
    let mut tx = world.person("ann", role).await;
    refusal(queue::enqueue_run(&mut tx, &spec).await)
}

#[tokio::test]
async fn an_action_is_not_started_below_its_role() {
    let sweep = json!({"action": "artifacts.sweep"});
    assert_eq!(refused(Role::Planner, sweep.clone()).await, "403 forbidden");
    assert_eq!(refused(Role::Operator, sweep.clone()).await, "403 forbidden");
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Admin).await;
    assert!(queue::enqueue_run(&mut tx, &sweep).await.unwrap().created);
}

#[tokio::test]
async fn one_action_among_many_runs_is_found() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Operator).await;
    let specs = [json!({"action": "test.noop"}), json!({"action": "retention.apply"})];
    assert_eq!(refusal(queue::enqueue_runs(&mut tx, &specs).await), "403 forbidden");
}

#[tokio::test]
async fn a_person_cannot_start_what_no_server_knows_and_the_system_can() {
    let unknown = json!({"action": "no.such"});
    assert_eq!(refused(Role::Admin, unknown.clone()).await, "422 unknown_action action");
    let world = World::new().await;
    assert!(world.try_enqueue(unknown).await.unwrap().created);
}

#[tokio::test]
async fn a_rerun_is_a_start_of_the_same_action() {
    let world = World::new().await;
    let run = world
        .try_enqueue(json!({"action": "retention.apply"}))
        .await
        .unwrap()
        .run_id;
    queue::cancel_run(&mut *world.conn().await, &run, None, false)
        .await
        .unwrap();
    let mut tx = world.person("ann", Role::Operator).await;
    let again = queue::rerun_run(&mut tx, &run, &json!({"options": {}}), None).await;
    assert_eq!(refusal(again), "403 forbidden");
}

#[tokio::test]
async fn a_schedule_starts_nothing_that_its_author_could_not() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Operator).await;
    let spec = json!({"name": "nightly", "action": "retention.apply", "cron": "0 8 * * *", "zone": "UTC"});
    assert_eq!(refusal(schedules::save(&mut tx, &spec).await), "403 forbidden");
}

#[tokio::test]
async fn what_a_server_knows_replaces_what_was_known_and_takes_nothing_away() {
    let world = World::new().await;
    let known = [db::actions::KnownAction {
        name: "template.run",
        role: "admin",
    }];
    db::actions::keep(&mut *world.conn().await, &known).await.unwrap();
    assert_eq!(
        world
            .value("select string_agg(concat(name, ' ', role), ', ' order by name) from runboard_internal.actions")
            .await,
        "artifacts.sweep admin, retention.apply admin, runs.bulk operator, template.run admin"
    );
}
