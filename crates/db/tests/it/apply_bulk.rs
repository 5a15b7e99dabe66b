//! `create_bulk`, `apply_bulk`, `settle_bulks`: one verb for many runs, each once, as the person who asked.

use crate::world::{World, claim, refusal};
use db::{
    bulk::{self, Created},
    queue::ClaimedRun,
};
use domain::Role;
use serde_json::{Value, json};

/// Asks as a person; `fields` are added to the spec.
async fn ask(world: &World, name: &str, role: Role, fields: Value) -> Result<Created, db::DbError> {
    let mut spec = json!({"verb": "cancel"});
    for (field, value) in fields.as_object().unwrap() {
        spec[field] = value.clone();
    }
    let mut tx = world.person(name, role).await;
    let created = bulk::create(&mut tx, &spec).await?;
    tx.commit().await.unwrap();
    Ok(created)
}

/// `count` queued runs of lane A.
async fn queued(world: &World, count: usize) -> Vec<String> {
    let mut run_ids = Vec::new();
    for _ in 0..count {
        run_ids.push(world.run(json!({})).await);
    }
    run_ids
}

/// The run that does the operation, held by a worker.
async fn held(world: &World, name: &str) -> ClaimedRun {
    let worker = world.worker_of(name, &["D"], &["action"]).await;
    claim(&mut *world.conn().await, worker, 1).await.remove(0)
}

async fn apply(world: &World, run: &ClaimedRun, most: i32) -> Result<bulk::Applied, db::DbError> {
    bulk::apply(&mut *world.conn().await, &run.run_id, run.lease_seq, most).await
}

const COUNTS: &str =
    "select concat_ws(' ', status, preview_count, done_count, skipped_count, failed_count) from bulk_operations";

#[tokio::test]
async fn every_run_of_the_list_is_canceled_in_the_name_of_who_asked() {
    let world = World::new().await;
    let run_ids = queued(&world, 5).await;
    ask(
        &world,
        "ann",
        Role::Operator,
        json!({"run_ids": run_ids, "expected_count": 5}),
    )
    .await
    .unwrap();
    let run = held(&world, "w1").await;
    assert_eq!(apply(&world, &run, 2).await.unwrap().left, 3);
    assert_eq!(world.value(COUNTS).await, "running 5 2 0 0");
    assert_eq!(apply(&world, &run, 100).await.unwrap().left, 0);
    assert_eq!(world.value(COUNTS).await, "success 5 5 0 0");
    assert_eq!(
        world.value("select string_agg(distinct verb || ' ' || actor, ', ' order by verb || ' ' || actor) || ' ' || count(*) from audit_log where verb = 'cancel_run'").await,
        "cancel_run ann@example.org 5"
    );
    assert_eq!(
        world
            .value("select count(*) from audit_log where verb = 'create_bulk'")
            .await,
        "1"
    );
}

#[tokio::test]
async fn who_takes_over_after_a_crash_does_no_run_twice() {
    let world = World::new().await;
    let mut run_ids = Vec::new();
    for _ in 0..6 {
        run_ids.push(world.run(json!({})).await);
    }
    world.execute("update runs set status = 'failed', reason = 'step_failed', finished_at = clock_timestamp(); delete from runboard_internal.run_queue").await;
    ask(
        &world,
        "ann",
        Role::Operator,
        json!({"verb": "retry", "run_ids": run_ids}),
    )
    .await
    .unwrap();
    let first = held(&world, "w1").await;
    apply(&world, &first, 4).await.unwrap();
    // The worker dies; its lease runs out; another goes on.
    world.advance(chrono::Duration::minutes(1)).await;
    world.sweep().await;
    world.advance(chrono::Duration::minutes(10)).await;
    let second = held(&world, "w2").await;
    assert_eq!(second.run_id, first.run_id);
    assert_eq!(refusal(apply(&world, &first, 4).await), "409 lease_lost");
    assert_eq!(apply(&world, &second, 100).await.unwrap().left, 0);
    assert_eq!(world.value(COUNTS).await, "success 6 6 0 0");
    assert_eq!(
        world
            .value("select count(*) from runs where parent_run_id is not null")
            .await,
        "6"
    );
}

#[tokio::test]
async fn a_planner_reaches_only_runs_of_their_own() {
    let world = World::new().await;
    let theirs = queued(&world, 2).await;
    let mut tx = world.person("pia", Role::Planner).await;
    let own = db::queue::enqueue_run(&mut tx, &json!({"action": "test.noop", "lane": "A"}))
        .await
        .unwrap()
        .run_id;
    tx.commit().await.unwrap();
    let all: Vec<String> = theirs.into_iter().chain([own.clone()]).collect();
    ask(&world, "pia", Role::Planner, json!({"run_ids": all}))
        .await
        .unwrap();
    apply(&world, &held(&world, "w1").await, 100).await.unwrap();
    assert_eq!(world.value(COUNTS).await, "success 3 1 0 2");
    assert_eq!(
        world
            .value("select errors #>> '{0,message}' from bulk_operations")
            .await,
        "This run was started by somebody else."
    );
    assert_eq!(world.state(&own).await, "canceled/canceled_by_person");
}

#[tokio::test]
async fn a_worker_that_says_it_acts_for_somebody_is_still_a_worker() {
    let world = World::new().await;
    let pool = world.pool_as(db::pool::Session::Worker);
    let mut conn = pool.acquire().await.unwrap();
    sqlx::query("set runboard.acting_as = 'on'")
        .execute(&mut *conn)
        .await
        .unwrap();
    let role: String = sqlx::query_scalar("select runboard_internal.caller() ->> 'role'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(role, "worker");
    let stolen = sqlx::query("insert into runboard_internal.acting_as values (pg_current_xact_id(), '{}')")
        .execute(&mut *conn)
        .await;
    assert!(stolen.is_err());
}

#[tokio::test]
async fn what_needs_nothing_is_skipped_with_the_reason() {
    let world = World::new().await;
    let run_ids = queued(&world, 2).await;
    ask(
        &world,
        "ann",
        Role::Operator,
        json!({"verb": "retry", "run_ids": [run_ids[0], "run_20260101_000000_aaaaaaaa"]}),
    )
    .await
    .unwrap();
    apply(&world, &held(&world, "w1").await, 100).await.unwrap();
    assert_eq!(world.value(COUNTS).await, "success 2 0 1 1");
    assert_eq!(
        world.value("select string_agg(concat_ws(' ', outcome, code), ', ' order by place) from runboard_internal.bulk_items").await,
        "failed unknown_run, skipped not_final"
    );
}

#[tokio::test]
async fn an_operation_whose_run_is_canceled_ends_and_its_counts_add_up() {
    let world = World::new().await;
    let run_ids = queued(&world, 3).await;
    let created = ask(&world, "ann", Role::Operator, json!({"run_ids": run_ids}))
        .await
        .unwrap();
    assert_eq!(bulk::settle(&mut *world.conn().await).await.unwrap(), 0);
    db::queue::cancel_run(&mut *world.conn().await, &created.run_id, None, false)
        .await
        .unwrap();
    assert_eq!(bulk::settle(&mut *world.conn().await).await.unwrap(), 1);
    assert_eq!(world.value(COUNTS).await, "canceled 3 0 3 0");
    assert_eq!(
        world.value("select count(*) from runs where status = 'queued'").await,
        "3"
    );
}

#[tokio::test]
async fn a_key_names_one_operation() {
    let world = World::new().await;
    let run_ids = queued(&world, 2).await;
    let wish = json!({"run_ids": run_ids, "idempotency_key": "click"});
    let first = ask(&world, "ann", Role::Operator, wish.clone()).await.unwrap();
    let second = ask(&world, "ann", Role::Operator, wish).await.unwrap();
    assert_eq!(
        (first.bulk_id, first.created, second.created),
        (second.bulk_id, true, false)
    );
    let other = ask(
        &world,
        "ann",
        Role::Operator,
        json!({"run_ids": [run_ids[0]], "idempotency_key": "click"}),
    )
    .await;
    assert_eq!(refusal(other), "409 idempotency_key_reused idempotency_key");
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let world = World::new().await;
    let run_ids = queued(&world, 2).await;
    for (fields, expected) in [
        (json!({"verb": "delete", "run_ids": run_ids}), "422 invalid_field verb"),
        (json!({"run_ids": []}), "422 nothing_selected filter"),
        (
            json!({"run_ids": run_ids, "expected_count": 3}),
            "409 count_changed expected_count",
        ),
        (
            json!({"run_ids": run_ids, "changes": {"lane": "B"}}),
            "422 unknown_field changes.lane",
        ),
        (json!({"run_ids": run_ids, "when": "now"}), "422 unknown_field when"),
    ] {
        assert_eq!(
            refusal(ask(&world, "ann", Role::Operator, fields.clone()).await),
            expected,
            "{fields}"
        );
    }
    assert_eq!(
        refusal(ask(&world, "vera", Role::Viewer, json!({"run_ids": run_ids})).await),
        "403 forbidden"
    );
}

#[tokio::test]
async fn a_wish_of_the_wrong_form_is_refused() {
    let world = World::new().await;
    for (spec, expected) in [
        ("[]", "422 invalid_spec"),
        (r#""cancel""#, "422 invalid_spec"),
        (
            r#"{"verb": "cancel", "run_ids": ["x"], "expected_count": 1.5}"#,
            "422 invalid_field expected_count",
        ),
        (
            r#"{"verb": "cancel", "run_ids": ["x"], "expected_count": 1e30}"#,
            "422 invalid_field expected_count",
        ),
        (
            r#"{"verb": "rerun", "run_ids": ["x"], "changes": {"params": [1]}}"#,
            "422 invalid_field changes.params",
        ),
        (
            r#"{"verb": "rerun", "run_ids": ["x"], "changes": {"run_after": "infinity"}}"#,
            "422 invalid_field changes.run_after",
        ),
    ] {
        let refused = sqlx::query("select create_bulk($1::jsonb)")
            .bind(spec)
            .execute(world.pool())
            .await
            .map(|_| ())
            .map_err(db::DbError::from);
        assert_eq!(refusal(refused), expected, "{spec}");
    }
}

#[tokio::test]
async fn a_key_may_name_another_wish_when_its_day_is_over() {
    let world = World::new().await;
    world.advance(chrono::Duration::zero()).await;
    let run_ids = queued(&world, 2).await;
    let wish = |at: usize| json!({"run_ids": [run_ids[at]], "idempotency_key": "click"});
    ask(&world, "ann", Role::Operator, wish(0)).await.unwrap();
    let other = ask(&world, "ann", Role::Operator, wish(1)).await;
    assert_eq!(refusal(other), "409 idempotency_key_reused idempotency_key");
    world.advance(chrono::Duration::hours(25)).await;
    assert!(ask(&world, "ann", Role::Operator, wish(1)).await.unwrap().created);
}
