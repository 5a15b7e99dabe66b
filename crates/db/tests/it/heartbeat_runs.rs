//! `heartbeat_runs` and `heartbeat_run`: keeping a lease.

use crate::world::World;
use db::queue::{self, Beat, BeatOutcome};
use serde_json::json;

fn beat(run_id: &str, lease_seq: i64) -> Beat {
    Beat {
        run_id: run_id.to_owned(),
        lease_seq,
        progress: None,
    }
}

#[tokio::test]
async fn a_beat_extends_the_lease_by_the_clock_of_the_database() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.advance(chrono::Duration::seconds(15)).await;
    let answer = queue::heartbeat_runs(&mut *world.conn().await, &[beat(&run.run_id, run.lease_seq)])
        .await
        .unwrap();
    assert_eq!(answer, [(run.run_id, BeatOutcome::Ok)]);
    world.advance(chrono::Duration::seconds(15)).await;
    assert_eq!(world.sweep().await.recovered, 0);
}

#[tokio::test]
async fn each_run_has_its_own_answer_in_order() {
    let world = World::new().await;
    let (first, second) = (world.running(json!({})).await, world.running(json!({})).await);
    queue::cancel_run(&mut *world.conn().await, &second.run_id, None, false)
        .await
        .unwrap();
    let beats = [
        beat("run_20200101_000000_aaaaaaaa", 1),
        beat(&second.run_id, second.lease_seq),
        beat(&first.run_id, first.lease_seq),
    ];
    let outcomes: Vec<_> = queue::heartbeat_runs(&mut *world.conn().await, &beats)
        .await
        .unwrap()
        .into_iter()
        .map(|(_, outcome)| outcome)
        .collect();
    assert_eq!(
        outcomes,
        [BeatOutcome::Lost, BeatOutcome::CancelRequested, BeatOutcome::Ok]
    );
}

#[tokio::test]
async fn progress_stands_in_the_lease() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let progress = json!({"done": 3, "total": 7, "message": "rows"});
    let beats = [Beat {
        progress: Some(progress.clone()),
        ..beat(&run.run_id, run.lease_seq)
    }];
    queue::heartbeat_runs(&mut *world.conn().await, &beats).await.unwrap();
    queue::heartbeat_runs(&mut *world.conn().await, &[beat(&run.run_id, run.lease_seq)])
        .await
        .unwrap();
    assert_eq!(
        world.json("select progress from runboard_internal.run_leases").await,
        progress
    );
}

#[tokio::test]
async fn another_lease_of_the_same_run_is_lost() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert_eq!(
        world
            .value(&format!(
                "select heartbeat_run('{}', {})",
                run.run_id,
                run.lease_seq + 1
            ))
            .await,
        "lost"
    );
}

#[tokio::test]
async fn an_expired_lease_that_nobody_took_is_alive_again() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.advance(chrono::Duration::minutes(1)).await;
    assert_eq!(
        world
            .value(&format!("select heartbeat_run('{}', {})", run.run_id, run.lease_seq))
            .await,
        "ok"
    );
    assert_eq!(world.sweep().await.recovered, 0);
}
