//! A hundred clients with one idempotency key, in the modes that do not return the first run.

use crate::world::{World, refusal};
use db::queue;
use serde_json::json;

async fn hundred_clicks(world: &World, mode: &str) -> Vec<Result<queue::Enqueued, db::DbError>> {
    let clicks = (0..100).map(|_| {
        world.try_enqueue(json!({"action": "test.noop", "idempotency_key": "click", "idempotency_mode": mode}))
    });
    futures::future::join_all(clicks).await
}

#[tokio::test]
async fn of_a_hundred_clients_that_reject_one_makes_the_run() {
    let world = World::new().await;
    let (made, refused): (Vec<_>, Vec<_>) = hundred_clicks(&world, "reject")
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 99));
    for answer in refused {
        assert_eq!(refusal(answer), "409 idempotency_key_used idempotency_key");
    }
    assert_eq!(world.value("select count(*) from runs").await, "1");
}

#[tokio::test]
async fn of_a_hundred_clients_that_replace_the_last_run_stays() {
    let world = World::new().await;
    for answer in hundred_clicks(&world, "replace").await {
        assert!(answer.unwrap().created);
    }
    let left = world
        .value("select string_agg(concat_ws(' ', status, reason, count), ', ' order by status) from (select status, reason, count(*) from runs group by 1, 2) as r")
        .await;
    assert_eq!(left, "canceled replaced 99, queued 1");
}
