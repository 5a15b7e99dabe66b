//! `ensure_partitions`: a day has its partition before it begins.

use crate::world::World;
use serde_json::json;

const DAYS: &str = "select count(*) from pg_inherits where inhparent = 'public.run_events'::regclass";

#[tokio::test]
async fn five_days_and_the_default_are_there_from_the_start() {
    let world = World::new().await;
    assert_eq!(world.value(DAYS).await, "6");
}

#[tokio::test]
async fn the_sweep_makes_the_days_to_come() {
    let world = World::new().await;
    world.advance(chrono::Duration::days(1)).await;
    world.sweep().await;
    assert_eq!(world.value(DAYS).await, "7");
    world.sweep().await;
    assert_eq!(world.value(DAYS).await, "7");
}

#[tokio::test]
async fn a_day_without_a_partition_falls_into_the_default_and_stops_nothing() {
    let world = World::new().await;
    world.advance(chrono::Duration::days(30)).await;
    world.run(json!({})).await;
    assert_eq!(
        world
            .value("select count(*) from runboard_internal.run_events_default")
            .await,
        "1"
    );
    world.sweep().await;
    world.run(json!({})).await;
    assert_eq!(world.value("select count(*) from run_events").await, "2");
}
