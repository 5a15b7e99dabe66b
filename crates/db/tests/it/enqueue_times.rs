//! `run_after`: which times a run takes, and where it waits for them.

use crate::world::{World, refusal};
use serde_json::json;

#[tokio::test]
async fn a_time_that_is_none_is_refused() {
    assert_eq!(
        refusal(
            World::new()
                .await
                .try_enqueue(json!({"action": "test.noop", "run_after": "soon"}))
                .await
        ),
        "422 invalid_field run_after"
    );
}

#[tokio::test]
async fn a_time_that_no_reader_can_hold_is_refused() {
    let world = World::new().await;
    for at in [
        "infinity",
        "now",
        "tomorrow",
        "294000-01-01T00:00:00Z",
        "9999-01-01T00:00:00Z",
        "2026-01-31T08:00:00",
        "2026-01-31",
        "2026-02-30T08:00:00Z",
    ] {
        for spec in [
            json!({"action": "test.noop", "run_after": at}),
            json!({"action": "test.noop", "run_after": at, "idempotency_key": "k"}),
        ] {
            assert_eq!(
                refusal(world.try_enqueue(spec).await),
                "422 invalid_field run_after",
                "{at}"
            );
        }
    }
}

#[tokio::test]
async fn a_time_is_taken_in_each_form_that_names_its_zone() {
    let world = World::new().await;
    for at in [
        "2026-01-31T08:00:00Z",
        "2026-01-31T09:30:00.000000001+01:30",
        "2026-01-31 08:00:00+00",
    ] {
        world.run(json!({"run_after": at})).await;
    }
    assert_eq!(
        world
            .value("select count(distinct run_after) from runs where run_after = '2026-01-31T08:00:00Z'")
            .await,
        "1"
    );
}

#[tokio::test]
async fn the_ledger_itself_takes_no_endless_time() {
    let world = World::new().await;
    world.run(json!({"run_after": "2100-01-01T00:00:00Z"})).await;
    for sql in [
        "update runs set run_after = 'infinity'",
        "update runboard_internal.run_deferred set due_at = 'infinity'",
    ] {
        assert!(sqlx::query(sql).execute(world.pool()).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn a_run_for_later_waits_outside_the_queue() {
    let world = World::new().await;
    let run = world.run(json!({"run_after": "2100-01-01T00:00:00Z"})).await;
    assert_eq!(
        world.value("select count(*) from runboard_internal.run_queue").await,
        "0"
    );
    assert_eq!(
        world.value("select run_id from runboard_internal.run_deferred").await,
        run
    );
}

#[tokio::test]
async fn a_run_for_the_past_is_due_now() {
    let world = World::new().await;
    let run = world.run(json!({"run_after": "2000-01-01T00:00:00Z"})).await;
    assert_eq!(world.value("select run_id from runboard_internal.run_queue").await, run);
}
