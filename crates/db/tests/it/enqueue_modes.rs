//! A hundred clients with one idempotency key, in the modes that do not return the first run.

use crate::world::{World, refusal};
use db::queue;
use domain::Role;
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

/// What a person gets who asks for the same work as everybody, with a key.
async fn as_person(world: &World, name: &str, mode: &str) -> queue::Enqueued {
    let spec = json!({"action": "test.noop", "coalesce": true, "idempotency_key": "click", "idempotency_mode": mode});
    let mut tx = world.person(name, Role::Operator).await;
    let answer = queue::enqueue_run(&mut tx, &spec).await.unwrap();
    tx.commit().await.unwrap();
    answer
}

#[tokio::test]
async fn nobody_replaces_the_run_of_another_that_does_the_same_work() {
    let world = World::new().await;
    let first = as_person(&world, "ann", "return").await;
    assert!(as_person(&world, "bob", "return").await.coalesced);
    let again = as_person(&world, "bob", "replace").await;
    assert_eq!((again.run_id, again.coalesced), (first.run_id.clone(), true));
    assert_eq!(world.state(&first.run_id).await, "queued");
    let anew = as_person(&world, "ann", "replace").await;
    assert!(anew.created);
    assert_eq!(world.state(&first.run_id).await, "canceled/replaced");
}

#[tokio::test]
async fn every_wish_and_every_replacement_is_in_the_audit_log() {
    let world = World::new().await;
    as_person(&world, "ann", "return").await;
    as_person(&world, "bob", "return").await;
    as_person(&world, "ann", "replace").await;
    assert_eq!(
        world
            .value("select string_agg(concat_ws(' ', actor, verb, detail -> 'coalesced'), ', ' order by audit_id) from audit_log")
            .await,
        "ann@example.org enqueue_run, bob@example.org enqueue_run true, ann@example.org replace_run, ann@example.org enqueue_run"
    );
}
