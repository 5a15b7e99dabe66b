//! `deregister_worker`: the orderly end.

use crate::world::World;
use db::queue;
use serde_json::json;

#[tokio::test]
async fn what_it_holds_goes_back_without_penalty() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    let worker = world.worker("w1").await;
    world.claim(worker, 1).await;
    queue::deregister_worker(&mut *world.conn().await, worker)
        .await
        .unwrap();
    assert_eq!(
        world
            .value("select concat_ws(' ', status, attempt, crash_count) from runs")
            .await,
        "queued 0 0"
    );
    assert_eq!(world.events(&run).await, "queued claimed released");
}

#[tokio::test]
async fn it_gets_no_more_work() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    queue::deregister_worker(&mut *world.conn().await, worker)
        .await
        .unwrap();
    world.run(json!({})).await;
    assert!(world.claim(worker, 1).await.is_empty());
}

#[tokio::test]
async fn it_names_the_runs_it_gives_back() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    let worker = world.worker("w1").await;
    world.claim(worker, 1).await;
    let mut listener = sqlx::postgres::PgListener::connect(world.url()).await.unwrap();
    listener.listen("runboard").await.unwrap();
    queue::deregister_worker(&mut *world.conn().await, worker)
        .await
        .unwrap();
    let hint: serde_json::Value = serde_json::from_str(listener.recv().await.unwrap().payload()).unwrap();
    assert_eq!(hint["runs"], json!([run]));
}
