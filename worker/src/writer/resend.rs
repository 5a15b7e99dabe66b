//! A batch that is sent again may find that its first copy arrived and only the answer did not: then the
//! leases that it ended are gone, and that is no loss.

use db::{
    PgConnection,
    queue::{self, Completion, FinishedRun, Write, WriteOutcome},
};
use std::collections::HashMap;

/// Corrects the answers to writes of leases that the first copy of this batch ended.
pub(super) async fn recognize(
    conn: &mut PgConnection,
    writes: &[&Write],
    outcomes: &mut [WriteOutcome],
) -> db::Result<()> {
    let lost = writes
        .iter()
        .zip(outcomes.iter())
        .filter_map(|(write, outcome)| match write {
            Write::Complete(end) if *outcome == WriteOutcome::Lost => Some(end),
            _ => None,
        });
    let arrived = arrived(conn, lost.collect()).await?;
    for (write, outcome) in writes.iter().zip(outcomes) {
        if *outcome == WriteOutcome::Lost
            && let Some(end) = write.lease_seq().and_then(|lease_seq| arrived.get(&lease_seq))
        {
            *outcome = match write {
                Write::Complete(_) => end.clone(),
                _ => WriteOutcome::Ok,
            };
        }
    }
    Ok(())
}

/// The same for runs that left whole.
pub(super) async fn recognize_finished(
    conn: &mut PgConnection,
    runs: &[FinishedRun],
    outcomes: &mut [WriteOutcome],
) -> db::Result<()> {
    let lost = runs
        .iter()
        .zip(outcomes.iter())
        .filter(|(_, outcome)| **outcome == WriteOutcome::Lost);
    let arrived = arrived(conn, lost.map(|(run, _)| &run.end).collect()).await?;
    for (run, outcome) in runs.iter().zip(outcomes) {
        if let Some(end) = arrived.get(&run.end.lease_seq) {
            *outcome = end.clone();
        }
    }
    Ok(())
}

/// Of these ends, those that the ledger knows as they were meant, by lease.
async fn arrived(conn: &mut PgConnection, ends: Vec<&Completion>) -> db::Result<HashMap<i64, WriteOutcome>> {
    if ends.is_empty() {
        return Ok(HashMap::new());
    }
    let leases: Vec<(&str, i64)> = ends.iter().map(|end| (end.run_id.as_str(), end.lease_seq)).collect();
    let known = queue::attempt_outcomes(conn, &leases).await?;
    Ok(ends
        .iter()
        .zip(known)
        .filter_map(|(end, known)| Some((end.lease_seq, as_meant(&end.status, known.as_deref()?)?)))
        .collect())
}

/// What the first copy was answered, when the attempt ended as its worker said; somebody else may have ended it.
fn as_meant(said: &str, known: &str) -> Option<WriteOutcome> {
    match (said, known) {
        ("failed", "retried") => Some(WriteOutcome::Requeued),
        // A failure that could be tried again ends as canceled when a person wants the end.
        ("failed", "failed" | "canceled") | ("success", "success") | ("canceled", "canceled") => Some(WriteOutcome::Ok),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::queue::WorkerSpec;
    use serde_json::json;
    use testkit::TestDb;

    /// A run that is held, and the words that end it.
    async fn held(db: &TestDb) -> Completion {
        let mut conn = db.pool().acquire().await.unwrap();
        queue::enqueue_run(&mut conn, &json!({"action": "test.noop", "lane": "A"}))
            .await
            .unwrap();
        let spec = WorkerSpec {
            name: "w1".to_owned(),
            host: "host".to_owned(),
            pid: 1,
            version: "0.0.0".to_owned(),
            lanes: vec!["A".to_owned()],
            kinds: vec!["action".to_owned()],
            slots: 5,
        };
        let worker = queue::register_worker(&mut conn, &spec).await.unwrap();
        let run = queue::claim_runs(&mut conn, worker, &["A".to_owned()], 1)
            .await
            .unwrap()
            .remove(0);
        Completion {
            run_id: run.run_id,
            lease_seq: run.lease_seq,
            status: "success".to_owned(),
            result: None,
            error: None,
            retryable: false,
        }
    }

    fn beat(end: &Completion) -> Write {
        Write::Beat {
            run_id: end.run_id.clone(),
            lease_seq: end.lease_seq,
            progress: None,
        }
    }

    #[tokio::test]
    async fn a_batch_whose_first_copy_arrived_is_answered_as_the_first_time() {
        let db = TestDb::new().await;
        let (first, second) = (held(&db).await, held(&db).await);
        let mut conn = db.pool().acquire().await.unwrap();
        let writes = [
            beat(&first),
            Write::Complete(first),
            Write::Complete(Completion {
                status: "failed".to_owned(),
                retryable: true,
                ..second
            }),
        ];
        let writes: Vec<&Write> = writes.iter().collect();
        let told = queue::write_runs(&mut conn, &writes).await.unwrap();
        let mut again = queue::write_runs(&mut conn, &writes).await.unwrap();
        assert_eq!(again, vec![WriteOutcome::Lost; 3]);
        recognize(&mut conn, &writes, &mut again).await.unwrap();
        assert_eq!(again, told);
    }

    #[tokio::test]
    async fn a_run_that_somebody_else_ended_stays_lost() {
        let db = TestDb::new().await;
        let end = held(&db).await;
        let mut conn = db.pool().acquire().await.unwrap();
        queue::cancel_run(&mut conn, &end.run_id, None, true).await.unwrap();
        let mut outcomes = vec![WriteOutcome::Lost; 2];
        let writes = [beat(&end), Write::Complete(end.clone())];
        let writes: Vec<&Write> = writes.iter().collect();
        recognize(&mut conn, &writes, &mut outcomes).await.unwrap();
        assert_eq!(outcomes, [WriteOutcome::Lost, WriteOutcome::Lost]);
        let run = FinishedRun {
            end,
            events: Vec::new(),
            steps: Vec::new(),
        };
        recognize_finished(&mut conn, &[run], &mut outcomes[..1]).await.unwrap();
        assert_eq!(outcomes[0], WriteOutcome::Lost);
    }

    #[tokio::test]
    async fn runs_that_left_whole_and_arrived_are_no_loss() {
        let db = TestDb::new().await;
        let end = held(&db).await;
        let mut conn = db.pool().acquire().await.unwrap();
        let mut runs = [FinishedRun {
            end,
            events: Vec::new(),
            steps: Vec::new(),
        }];
        queue::finish_runs(&mut conn, &mut runs, None).await.unwrap();
        let mut again = queue::finish_runs(&mut conn, &mut runs, None).await.unwrap();
        assert_eq!(again, [WriteOutcome::Lost]);
        recognize_finished(&mut conn, &runs, &mut again).await.unwrap();
        assert_eq!(again, [WriteOutcome::Ok]);
    }
}
