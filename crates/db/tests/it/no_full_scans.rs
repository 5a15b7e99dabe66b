//! What runs all day reads no table from end to end, however long the queue and the ledger are and whatever
//! the statistics say. Postgres counts the scans of each transaction; these tests read its count.

use crate::world::{World, claim};
use db::queue;
use serde_json::json;
use sqlx::Connection as _;
use uuid::Uuid;

const SCANNED: &str = "select coalesce(string_agg(relname || ' ' || seq_scan, ', ' order by relname), '') from pg_stat_xact_user_tables
  where seq_scan > 0 and relname in ('runs', 'run_queue', 'run_deferred', 'run_steps', 'run_attempts', 'run_waits', 'idempotency_keys', 'run_events')";

/// A ledger of 100,000 finished runs and a queue of 100,000, half of them of one taken key; statistics of
/// when all was empty.
async fn long_world() -> (World, Uuid) {
    let world = World::new().await;
    world.template("check").await;
    world.execute("update lanes set max_running = null").await;
    world.execute("analyze").await;
    world.execute(FINISHED).await;
    world.execute(QUEUED).await;
    world.execute(QUEUE).await;
    let worker = world.worker("w1").await;
    (world, worker)
}

const FINISHED: &str = "insert into runs (run_id, title, action, lane, status, created_at, queued_at, started_at, finished_at)
  select 'run_20250101_000000_' || translate(lpad(n::text, 8, '0'), '0123456789', 'abcdefghij'), 't', 'test.noop', 'A', 'success', now(), now(), now(), now()
  from generate_series(1, 100000) as n";
const QUEUED: &str = "insert into runs (run_id, title, action, lane, created_at, queued_at, concurrency_key)
  select 'run_20250102_000000_' || translate(lpad(n::text, 8, '0'), '0123456789', 'abcdefghij'), 't', 'test.noop', 'A', now(), now(),
    case when n % 2 = 0 then 'busy' end
  from generate_series(1, 100000) as n";
const QUEUE: &str =
    "insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, kinds, concurrency_key, rank)
  select run_id, lane, priority, queued_at, '{api}', concurrency_key, priority from runs where status = 'queued'";

#[tokio::test]
async fn claims_promotions_and_ends_walk_indexes() {
    let (world, worker) = long_world().await;
    world
        .execute(
            "insert into runboard_internal.run_deferred (run_id, due_at, lane, priority)
             select 'run later ' || n, now() + interval '1 hour', 'A', 100 from generate_series(1, 20000) as n",
        )
        .await;
    let mut conn = world.conn().await;
    for turn in 0..3 {
        let mut tx = conn.begin().await.unwrap();
        let runs = claim(&mut tx, worker, 5).await;
        assert_eq!(runs.len(), 5);
        // Those of the first turn go on, and one of them holds the key.
        for run in runs.iter().filter(|_| turn > 0) {
            let end =
                json!([{"op": "complete", "run_id": run.run_id, "lease_seq": run.lease_seq, "status": "success"}]);
            sqlx::query("select write_runs($1)")
                .bind(end)
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        let scanned: String = sqlx::query_scalar(SCANNED).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(scanned, "");
        tx.commit().await.unwrap();
    }
    // Its other runs are out of the way now.
    let parked: i64 = world
        .value("select count(*) from runboard_internal.run_queue where parked")
        .await
        .parse()
        .unwrap();
    assert!(parked >= 999, "{parked} are parked");
}

#[tokio::test]
async fn enqueues_of_every_kind_walk_indexes() {
    let (world, _) = long_world().await;
    let mut conn = world.conn().await;
    let mut tx = conn.begin().await.unwrap();
    let plain = json!({"template": "check", "params": {"url": "https://example.org"}});
    let keyed = json!({"action": "test.noop", "idempotency_key": "k", "idempotency_mode": "replace"});
    let equal = json!({"action": "test.noop", "coalesce": true});
    queue::enqueue_runs(&mut tx, &vec![plain.clone(); 50]).await.unwrap();
    for spec in [&plain, &keyed, &keyed, &equal, &equal] {
        queue::enqueue_run(&mut tx, spec).await.unwrap();
    }
    let scanned: String = sqlx::query_scalar(SCANNED).fetch_one(&mut *tx).await.unwrap();
    assert_eq!(scanned, "");
}
