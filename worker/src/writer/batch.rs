//! Sends batches until the database took them.

use super::{Item, Passage, answer, resend, young::Finished};
use crate::pace;
use db::{
    DbError, pool,
    queue::{self, FinishedRun, Write, WriteOutcome},
};

/// Tries of a write that fails although the database can be reached.
const MOST_FAILURES: u32 = 5;

/// Tries until the database can be reached; the order of writes never changes meanwhile.
pub(super) async fn until_taken(way: &Passage, writes: &[&Write]) -> db::Result<Vec<WriteOutcome>> {
    let mut failures = 0;
    loop {
        let once = pool::ask(&way.pool, way.life.writing_patience(), async |conn| {
            let mut outcomes = queue::write_runs(conn, writes).await?;
            if failures > 0 {
                resend::recognize(conn, writes, &mut outcomes).await?;
            }
            Ok::<_, DbError>(outcomes)
        });
        match once.await {
            Err(error) if error.is_unavailable() => away(&error, &mut failures, writes.len()).await,
            taken => return taken,
        }
    }
}

/// Ends runs, however long the database is away. What it refuses together comes back as single writes.
pub(super) async fn until_finished(way: &Passage, finished: Vec<Finished>, hint: Option<Write>) -> Vec<Item> {
    let changed = match hint {
        Some(Write::Hint { runs, logs }) => Some((runs, logs)),
        _ => None,
    };
    let mut owners = Vec::with_capacity(finished.len());
    let mut runs: Vec<FinishedRun> = Vec::with_capacity(finished.len());
    for Finished { run, lease, answer } in finished {
        runs.push(run);
        owners.push((lease, answer));
    }
    let mut failures = 0;
    let ended = loop {
        let once = pool::ask(&way.pool, way.life.writing_patience(), async |conn| {
            let changed = changed.as_ref().map(|(runs, logs)| (runs.as_slice(), logs.as_slice()));
            let mut outcomes = queue::finish_runs(conn, &mut runs, changed).await?;
            if failures > 0 {
                resend::recognize_finished(conn, &runs, &mut outcomes).await?;
            }
            Ok::<_, DbError>(outcomes)
        });
        match once.await {
            Err(error) if error.is_unavailable() => away(&error, &mut failures, owners.len()).await,
            ended => break ended,
        }
    };
    let finished = runs
        .into_iter()
        .zip(owners)
        .map(|(run, (lease, answer))| Finished { run, lease, answer });
    match ended {
        Ok(outcomes) => {
            for (one, outcome) in finished.zip(outcomes) {
                one.conclude(outcome);
            }
            Vec::new()
        }
        Err(error) => {
            tracing::warn!(%error, runs.count = finished.len(), "Runs could not be ended together; their writes go one by one.");
            finished.flat_map(Finished::into_items).collect()
        }
    }
}

/// Sends each write alone. One that fails is tried some times more: a statement may have run out of time.
pub(super) async fn one_by_one(way: &Passage, items: Vec<Item>) {
    for item in items {
        let mut failures = 0;
        let outcome = loop {
            match until_taken(way, &[&item.write]).await {
                Ok(outcomes) => break outcomes.into_iter().next().unwrap_or(WriteOutcome::Ok),
                Err(DbError::Broken(error)) if failures < MOST_FAILURES => {
                    failures += 1;
                    tracing::warn!(%error, failures, "A write failed; it is tried again.");
                    pace::pause(pace::reconnect_wait(failures)).await;
                }
                Err(error) => break WriteOutcome::Error(error.to_string()),
            }
        };
        answer(item, outcome);
    }
}

async fn away(error: &DbError, failures: &mut u32, count: usize) {
    *failures += 1;
    let wait = pace::reconnect_wait(*failures);
    tracing::warn!(%error, failures, writes.count = count, "The database did not take a batch; it is tried again.");
    pace::pause(wait).await;
}
