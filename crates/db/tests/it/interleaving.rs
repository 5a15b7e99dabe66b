//! Hands that truly collide: functions in random order by many at once, with a clock that jumps. What must
//! hold, holds. One hand at a time, with every answer checked, is in [`crate::state_machine`].

use crate::world::{World, claim};
use db::queue;
use rand::{Rng, RngExt as _, SeedableRng, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// One hand: does `turns` random things, some with leases it lost long ago.
async fn hand(world: &World, seed: u64, turns: usize) {
    let mut random = StdRng::seed_from_u64(seed);
    let worker = world.worker(&format!("w{seed}")).await;
    let mut held: Vec<(String, i64)> = Vec::new();
    for _ in 0..turns {
        let mut conn = world.conn().await;
        match random.random_range(0..12) {
            0..3 => {
                let key = random
                    .random_bool(0.4)
                    .then(|| format!("key {}", random.random_range(0..4)));
                let spec = json!({
                    "action": "test.noop", "lane": (["A", "B", "C"].choose(&mut random)), "priority": random.random_range(0..3),
                    "concurrency_key": key, "max_attempts": random.random_range(1..4), "timeout_seconds": 40,
                    "idempotency_key": format!("click {}", random.random_range(0..400)), "idempotency_mode": "return",
                });
                // A key that named another body is refused: that is an answer too.
                let _ = queue::enqueue_run(&mut conn, &spec).await;
            }
            3..6 => {
                let runs = claim(&mut conn, worker, random.random_range(1..6)).await;
                held.extend(runs.into_iter().map(|run| (run.run_id, run.lease_seq)));
            }
            6..9 => {
                let writes: Vec<_> = held
                    .iter()
                    .filter_map(|(run_id, lease_seq)| write(&mut random, run_id, *lease_seq))
                    .collect();
                sqlx::query("select write_runs($1)")
                    .bind(json!(writes))
                    .execute(&mut *conn)
                    .await
                    .unwrap();
                if held.len() > 30 {
                    held.drain(..15);
                }
            }
            9 => {
                queue::sweep_stuck_runs(&mut conn, 100).await.unwrap();
            }
            10 => {
                let any: Option<String> = sqlx::query_scalar("select run_id from runs order by random() limit 1")
                    .fetch_optional(&mut *conn)
                    .await
                    .unwrap();
                if let Some(run_id) = any {
                    if random.random_bool(0.5) {
                        queue::cancel_run(&mut conn, &run_id, None, random.random_bool(0.5))
                            .await
                            .unwrap();
                    } else {
                        let _ = queue::retry_run(&mut conn, &run_id).await;
                    }
                }
            }
            _ => match held.choose(&mut random) {
                Some((run_id, lease_seq)) if random.random_bool(0.5) => {
                    queue::release_run(&mut conn, run_id, *lease_seq).await.unwrap();
                }
                _ => {
                    let lane = *["A", "B", "C"].choose(&mut random).expect("three lanes");
                    let act = if random.random_bool(0.3) {
                        "pause_lane"
                    } else {
                        "resume_lane"
                    };
                    sqlx::query(AssertSqlSafe(format!("select {act}('{lane}')")))
                        .execute(&mut *conn)
                        .await
                        .unwrap();
                }
            },
        }
        drop(conn);
        assert_eq!(testkit::broken(world.pool()).await, "", "seed {seed}");
    }
}

fn write(random: &mut impl Rng, run_id: &str, lease_seq: i64) -> Option<serde_json::Value> {
    Some(match random.random_range(0..8) {
        0 => json!({"op": "complete", "run_id": run_id, "lease_seq": lease_seq, "status": "success"}),
        1 => {
            json!({"op": "complete", "run_id": run_id, "lease_seq": lease_seq, "status": "failed", "retryable": random.random_bool(0.7), "error": {"code": "x"}})
        }
        2 => json!({"op": "complete", "run_id": run_id, "lease_seq": lease_seq, "status": "canceled"}),
        3 | 4 => json!({"op": "beat", "run_id": run_id, "lease_seq": lease_seq}),
        5 => {
            json!({"op": "step", "run_id": run_id, "lease_seq": lease_seq, "step": {"step": "a", "position": 0, "title": "A", "kind": "api", "status": "running", "try": 1}})
        }
        6 => {
            json!({"op": "log", "run_id": run_id, "lease_seq": lease_seq, "step": "a", "seq": random.random_range(0..9), "lines": "x"})
        }
        _ => return None,
    })
}

#[tokio::test]
async fn what_must_hold_holds_whatever_happens() {
    let world = World::new().await;
    world.advance(chrono::Duration::zero()).await;
    let hands = futures::future::join_all((1..=6).map(|seed| hand(&world, seed, 60)));
    let time = async {
        for _ in 0..40 {
            world.advance(chrono::Duration::seconds(5)).await;
            tokio::task::yield_now().await;
        }
    };
    futures::join!(hands, time);
}

#[tokio::test]
async fn left_alone_with_one_worker_everything_ends() {
    let world = World::new().await;
    world.advance(chrono::Duration::zero()).await;
    futures::future::join_all((11..=13).map(|seed| hand(&world, seed, 40))).await;
    world.execute("select resume_lane(name) from lanes").await;
    let worker = world.worker("last").await;
    for _ in 0..200 {
        world.advance(chrono::Duration::minutes(10)).await;
        world.sweep().await;
        for run in world.claim(worker, 50).await {
            world.complete(&run, "success", None, false).await;
        }
        if world.value("select count(*) from runs where finished_at is null").await == "0" {
            break;
        }
    }
    assert_eq!(
        world.value("select count(*) from runs where finished_at is null").await,
        "0"
    );
    assert_eq!(testkit::broken(world.pool()).await, "");
}
