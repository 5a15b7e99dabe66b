//! The whole state of the control plane as text, for tests that compare it.

use db::Pool;

/// Runs with their queue row, lease, attempts, steps and events, then workers and paused lanes. Times,
/// spans and ids are masked; runs and leases are numbered in the order they were made.
///
/// # Panics
/// When the database refuses.
pub async fn snapshot_runs(pool: &Pool) -> String {
    let (run_ids, mut text): (Vec<String>, String) = sqlx::query_as(include_str!("snapshot.sql"))
        .fetch_one(pool)
        .await
        .expect("the state can be read");
    for (at, run_id) in run_ids.iter().enumerate() {
        text = text.replace(run_id, &format!("run {}", at + 1));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TestDb;

    #[tokio::test]
    async fn a_snapshot_tells_a_run_without_its_ids_and_times() {
        let db = TestDb::new().await;
        db.execute(r#"select enqueue_run('{"action": "test.noop", "lane": "A"}')"#)
            .await;
        db.execute(
            r#"select claim_runs(register_worker('{"name": "w1", "host": "h", "pid": 1, "version": "0", "lanes": ["A"], "kinds": ["action"], "slots": 1}'), '{A}', 1)"#,
        )
        .await;
        assert_eq!(
            snapshot_runs(db.pool()).await,
            "run 1 \"test.noop\" in A: running; attempt 1 of 3\n  \
               lease 1 held by w1; attempt 1; steps done 0\n  \
               event queued: Queued in lane A by system. {\"lane\": \"A\", \"actor\": \"system\"}\n  \
               event claimed: Claimed by w1 (attempt 1). {\"worker\": \"w1\", \"attempt\": 1, \"lease_seq\": <number>}\n\
             worker w1 serves A"
        );
    }

    #[tokio::test]
    async fn a_test_moves_the_clock_for_everybody() {
        let db = TestDb::new().await;
        let seconds_ahead = "select round(extract(epoch from runboard_internal.clock() - clock_timestamp()))";
        assert_eq!(db.value(seconds_ahead).await, "0");
        db.advance(chrono::Duration::seconds(90)).await;
        db.advance(chrono::Duration::seconds(30)).await;
        assert_eq!(db.value(seconds_ahead).await, "120");
    }
}
