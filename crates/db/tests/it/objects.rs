//! `announce_upload`, `finish_upload`, `take_unused_objects`, `forget_objects`: what lies in the object store.

use crate::world::World;
use chrono::TimeDelta;
use db::queue::ClaimedRun;
use serde_json::json;

const SUM: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const DAY: TimeDelta = TimeDelta::hours(25);

async fn call(world: &World, function: &str, run: &ClaimedRun, size: i64) -> String {
    let (run_id, lease_seq) = (&run.run_id, run.lease_seq);
    world
        .value(&format!(
            "select public.{function}_upload('{run_id}', {lease_seq}, '{SUM}', {size})"
        ))
        .await
}

async fn put(world: &World, run: &ClaimedRun) -> Result<String, sqlx::Error> {
    let artifact = json!({
        "name": "big.bin", "kind": "file", "size_bytes": 5, "sha256": SUM,
        "storage_url": format!("store:artifacts/9f/{SUM}"),
    });
    sqlx::query_scalar("select public.put_artifact($1, $2, $3)")
        .bind(&run.run_id)
        .bind(run.lease_seq)
        .bind(artifact)
        .fetch_one(world.pool())
        .await
}

async fn taken(world: &World) -> String {
    world
        .value("select string_agg(u, ' ') from public.take_unused_objects() as u")
        .await
}

#[tokio::test]
async fn an_artifact_can_name_only_bytes_that_have_arrived() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert!(put(&world, &run).await.is_err());
    assert_eq!(call(&world, "announce", &run, 5).await, "ok");
    assert!(put(&world, &run).await.is_err());
    assert_eq!(call(&world, "finish", &run, 5).await, "ok");
    assert_eq!(call(&world, "finish", &run, 5).await, "ok");
    assert_eq!(put(&world, &run).await.unwrap(), "ok");
    assert_eq!(call(&world, "announce", &run, 5).await, "stored");
}

#[tokio::test]
async fn a_lost_lease_can_announce_and_finish_nothing() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert_eq!(call(&world, "announce", &run, 5).await, "ok");
    world.execute("delete from runboard_internal.run_leases").await;
    assert_eq!(call(&world, "finish", &run, 5).await, "lost");
    assert_eq!(call(&world, "announce", &run, 5).await, "lost");
}

#[tokio::test]
async fn a_run_leaves_no_more_behind_than_it_may() {
    let world = World::new().await;
    world
        .execute("update runboard_internal.settings set value = 1 where key = 'artifact_run_size'")
        .await;
    let run = world.running(json!({})).await;
    let refusal = sqlx::query("select public.announce_upload($1, $2, $3, 1048577)")
        .bind(&run.run_id)
        .bind(run.lease_seq)
        .bind(SUM)
        .execute(world.pool())
        .await
        .unwrap_err();
    assert_eq!(db::DbError::from(refusal).code(), Some("run_artifacts_too_large"));
    assert_eq!(call(&world, "announce", &run, 1_048_576).await, "ok");
}

#[tokio::test]
async fn what_no_artifact_names_is_taken_after_a_day_and_not_before() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    call(&world, "announce", &run, 5).await;
    call(&world, "finish", &run, 5).await;
    assert_eq!(taken(&world).await, "");
    world.advance(DAY).await;
    assert_eq!(taken(&world).await, format!("store:artifacts/9f/{SUM}"));
    assert_eq!(taken(&world).await, "", "one sweep has it in hand");
    assert_eq!(call(&world, "announce", &run, 5).await, "busy");
    world
        .execute(&format!(
            "select public.forget_objects(array['store:artifacts/9f/{SUM}'])"
        ))
        .await;
    assert_eq!(call(&world, "announce", &run, 5).await, "ok");
}

#[tokio::test]
async fn what_an_artifact_names_stays_until_its_run_is_gone() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    call(&world, "announce", &run, 5).await;
    call(&world, "finish", &run, 5).await;
    put(&world, &run).await.unwrap();
    world.advance(DAY).await;
    assert_eq!(taken(&world).await, "");
    world
        .execute("delete from runboard_internal.run_leases; delete from public.runs")
        .await;
    assert_eq!(taken(&world).await, format!("store:artifacts/9f/{SUM}"));
}

#[tokio::test]
async fn an_upload_that_never_ended_is_taken_too() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    call(&world, "announce", &run, 5).await;
    world.advance(DAY).await;
    assert_eq!(taken(&world).await, format!("store:artifacts/9f/{SUM}"));
}
