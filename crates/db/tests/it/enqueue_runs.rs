//! `enqueue_runs`: many at once, all or none.

use crate::world::{World, refusal};
use db::queue;
use serde_json::json;

#[tokio::test]
async fn answers_stand_in_the_order_of_the_specs() {
    let world = World::new().await;
    let specs: Vec<_> = (0..20)
        .map(|n| json!({"action": "test.noop", "title": format!("run {n}")}))
        .collect();
    let answers = queue::enqueue_runs(&mut *world.conn().await, &specs).await.unwrap();
    for (n, answer) in answers.iter().enumerate() {
        let title = world
            .value(&format!("select title from runs where run_id = '{}'", answer.run_id))
            .await;
        assert_eq!(title, format!("run {n}"));
    }
}

#[tokio::test]
async fn one_refused_spec_refuses_all() {
    let world = World::new().await;
    let specs = [
        json!({"action": "test.noop"}),
        json!({"action": "test.noop", "lane": "Z"}),
    ];
    assert_eq!(
        refusal(queue::enqueue_runs(&mut *world.conn().await, &specs).await),
        "422 unknown_lane lane"
    );
    assert_eq!(world.value("select count(*) from runs").await, "0");
}

#[tokio::test]
async fn the_same_key_twice_in_a_batch_is_one_run() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "idempotency_key": "k"});
    let answers = queue::enqueue_runs(&mut *world.conn().await, &[spec.clone(), spec])
        .await
        .unwrap();
    assert_eq!(answers[0].run_id, answers[1].run_id);
}

#[tokio::test]
async fn batches_that_share_keys_in_any_order_do_not_deadlock() {
    let world = World::new().await;
    let pool = world.pool().clone();
    let batches = (0..40).map(|turn| {
        let pool = pool.clone();
        async move {
            let mut specs: Vec<_> = (0..10)
                .map(|n| json!({"action": "test.noop", "idempotency_key": format!("k{n}")}))
                .collect();
            if turn % 2 == 0 {
                specs.reverse();
            }
            let mut conn = pool.acquire().await.unwrap();
            queue::enqueue_runs(&mut conn, &specs).await.unwrap();
        }
    });
    futures::future::join_all(batches).await;
    assert_eq!(world.value("select count(*) from runs").await, "10");
}
