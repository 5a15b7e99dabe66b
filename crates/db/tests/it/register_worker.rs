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

#[tokio::test]
async fn a_worker_of_the_wrong_form_is_refused_with_its_field() {
    let world = World::new().await;
    for (fields, expected) in [
        (r#"{"lanes": null}"#, "422 missing_field lanes"),
        (r#"{"slots": null}"#, "422 missing_field slots"),
        (r#"{"lanes": "A"}"#, "422 invalid lanes"),
        (r#"{"kinds": [1]}"#, "422 invalid kinds"),
        (r#"{"slots": "many"}"#, "422 invalid slots"),
        (r#"{"slots": 1.5}"#, "422 invalid slots"),
        (r#"{"pid": 1e30}"#, "422 invalid pid"),
    ] {
        let refused = sqlx::query(
            r#"select register_worker('{"name": "w1", "lanes": ["A"], "kinds": ["api"], "slots": 1}' || $1::jsonb)"#,
        )
        .bind(fields)
        .execute(world.pool())
        .await
        .map(|_| ())
        .map_err(db::DbError::from);
        assert_eq!(crate::world::refusal(refused), expected, "{fields}");
    }
}
