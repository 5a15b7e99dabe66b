//! Who enqueues much announces afterwards, many runs at once.

use crate::world::World;
use db::queue::{self, Announcer};
use serde_json::{Value, json};
use sqlx::postgres::PgListener;
use std::time::Duration;
use tokio::time::timeout;

async fn listen(world: &World) -> PgListener {
    let mut listener = PgListener::connect_with(world.pool()).await.unwrap();
    listener.listen("runboard").await.unwrap();
    listener
}

async fn heard(listener: &mut PgListener) -> Value {
    let notification = timeout(Duration::from_secs(20), listener.recv())
        .await
        .expect("nothing was announced");
    serde_json::from_str(notification.unwrap().payload()).unwrap()
}

#[tokio::test]
async fn a_run_that_nobody_announced_says_so_and_is_announced_with_its_lane_afterwards() {
    let world = World::new().await;
    let mut listener = listen(&world).await;
    let mut conn = world.conn().await;
    let spec = json!({"action": "test.noop", "lane": "C"});
    let silent = queue::enqueue_run_unannounced(&mut conn, &spec).await.unwrap();
    assert!(!silent.announced);
    Announcer::start(world.pool().clone()).announce(silent.run_id.clone());
    assert_eq!(
        heard(&mut listener).await,
        json!({"t": "enqueued", "lanes": ["C"], "runs": [silent.run_id]})
    );
}

#[tokio::test]
async fn a_run_that_does_not_go_the_short_way_is_announced_with_its_commit() {
    let world = World::new().await;
    let mut listener = listen(&world).await;
    let mut conn = world.conn().await;
    let spec = json!({"action": "test.noop", "lane": "C", "idempotency_key": "once"});
    let told = queue::enqueue_run_unannounced(&mut conn, &spec).await.unwrap();
    assert!(told.announced);
    assert_eq!(heard(&mut listener).await["runs"], json!([told.run_id]));
}
