//! `append_log`: numbered lines.

use crate::world::World;
use db::queue::ClaimedRun;
use serde_json::json;

async fn log(world: &World, run: &ClaimedRun, seq: i32, lines: &str) -> String {
    world
        .value(&format!(
            "select append_log('{}', {}, 'a', {seq}, '{lines}')",
            run.run_id, run.lease_seq
        ))
        .await
}

#[tokio::test]
async fn lines_are_numbered_over_the_whole_run() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    world.run(json!({})).await;
    let first = world.claim(worker, 1).await.remove(0);
    log(&world, &first, 1, "one\ntwo").await;
    world.complete(&first, "failed", None, true).await;
    world.advance(chrono::Duration::minutes(1)).await;
    let second = world.claim(worker, 1).await.remove(0);
    log(&world, &second, 1, "three").await;
    assert_eq!(
        world
            .value("select string_agg(first_line || '+' || line_count, ' ' order by first_line) from run_log_chunks")
            .await,
        "1+2 3+1"
    );
}

#[tokio::test]
async fn a_resend_is_numbered_once() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    for seq in [1, 1, 2, 1] {
        assert_eq!(log(&world, &run, seq, "line").await, "ok");
    }
    assert_eq!(
        world
            .value("select string_agg(first_line::text, ' ' order by seq) from run_log_chunks")
            .await,
        "1 2"
    );
    assert_eq!(
        world
            .value("select log_line_count from runboard_internal.run_leases")
            .await,
        "2"
    );
}

#[tokio::test]
async fn the_run_keeps_the_count_of_its_lines() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    log(&world, &run, 1, "one\n\nthree").await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(world.value("select log_line_count from runs").await, "3");
}
