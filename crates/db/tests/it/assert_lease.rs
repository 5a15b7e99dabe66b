//! `assert_lease`: a zombie can commit nothing.

use crate::world::{World, refusal};
use db::PgConnection;
use serde_json::json;

async fn assert_lease(conn: &mut PgConnection, run_id: &str, lease_seq: i64) -> Result<(), db::DbError> {
    sqlx::query("select assert_lease($1, $2)")
        .bind(run_id)
        .bind(lease_seq)
        .execute(conn)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_lost_lease_stops_the_transaction() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let mut tx = world.pool().begin().await.unwrap();
    let answer = assert_lease(&mut tx, &run.run_id, run.lease_seq + 1).await;
    assert_eq!(refusal(answer), "409 lease_lost");
}

#[tokio::test]
async fn a_sweep_leaves_the_run_alone_while_its_writer_is_in_a_transaction() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let mut tx = world.pool().begin().await.unwrap();
    assert_lease(&mut tx, &run.run_id, run.lease_seq).await.unwrap();
    world.advance(chrono::Duration::minutes(1)).await;
    assert_eq!(world.sweep().await.recovered, 0);
    tx.commit().await.unwrap();
    assert_eq!(world.sweep().await.recovered, 1);
}

#[tokio::test]
async fn a_heartbeat_passes_while_a_writer_is_in_a_transaction() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let mut tx = world.pool().begin().await.unwrap();
    assert_lease(&mut tx, &run.run_id, run.lease_seq).await.unwrap();
    let beat = format!("select heartbeat_run('{}', {})", run.run_id, run.lease_seq);
    assert_eq!(world.value(&beat).await, "ok");
}
