//! `register_worker`: one id per process life.

use crate::world::World;

#[tokio::test]
async fn the_same_name_again_is_another_worker() {
    let world = World::new().await;
    assert_ne!(world.worker("w1").await, world.worker("w1").await);
}

#[tokio::test]
async fn a_new_worker_is_fresh_for_the_length_of_a_lease() {
    let world = World::new().await;
    world.worker("w1").await;
    assert_eq!(
        world
            .value("select round(extract(epoch from expires_at - heartbeat_at)) from workers")
            .await,
        "20"
    );
}

#[tokio::test]
async fn a_worker_without_lanes_is_refused() {
    let world = World::new().await;
    let refused = sqlx::query(r#"select register_worker('{"name": "w1", "kinds": ["api"], "slots": 1}')"#)
        .execute(world.pool())
        .await
        .map(|_| ())
        .map_err(db::DbError::from);
    assert_eq!(crate::world::refusal(refused), "422 missing_field lanes");
}
