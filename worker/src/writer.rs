//! The one writer of this process: everything runs have to say goes through it, in order, in batches.
//!
//! A batch is what came while the batch before was being written: a lone write goes at once, a busy
//! worker writes many at a time. A batch is tried until the database took it, and every write may be sent
//! twice: it is numbered inside its lease. Slots are given up only after the answer.

use crate::{held::Lease, pace};
use db::{
    DbError, Pool,
    queue::{self, Write, WriteOutcome},
};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Writes of one batch.
const LARGEST_BATCH: usize = 200;
/// Tries of a write that fails although the database can be reached.
const MOST_FAILURES: u32 = 5;
/// Hints of this process are at least so far apart.
const HINT_EVERY: Duration = Duration::from_millis(50);
/// Bytes of log lines that may wait for the database; who prints more has to wait too.
const LOG_BYTES_IN_FLIGHT: usize = 16 * 1024 * 1024;

/// The way to the writer; clones lead to the same one.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::UnboundedSender<Vec<Item>>,
    log_budget: Arc<Semaphore>,
}

/// One write on its way.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) write: Write,
    pub(crate) lease: Arc<Lease>,
    pub(crate) answer: Option<oneshot::Sender<WriteOutcome>>,
    /// Room in the budget of log bytes, free again when the item is gone.
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

impl Writer {
    /// A writer and its loop, which ends when every clone is dropped and everything is written.
    pub(crate) fn new(pool: Pool) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, incoming) = mpsc::unbounded_channel();
        let writer = Self {
            queue,
            log_budget: Arc::new(Semaphore::new(LOG_BYTES_IN_FLIGHT)),
        };
        (
            writer,
            Loop {
                pool,
                incoming,
                dirty: Dirty::default(),
            }
            .run(),
        )
    }

    /// A writer without a loop, and what would be written.
    #[cfg(test)]
    pub(crate) fn recorded() -> (Self, mpsc::UnboundedReceiver<Vec<Item>>) {
        let (queue, incoming) = mpsc::unbounded_channel();
        (
            Self {
                queue,
                log_budget: Arc::new(Semaphore::new(LOG_BYTES_IN_FLIGHT)),
            },
            incoming,
        )
    }

    /// Sends writes that belong into one batch. When the loop has gone, so has the run's lease.
    pub(crate) fn send(&self, items: Vec<Item>) {
        for item in &items {
            if self.queue.is_closed() {
                item.lease.lose();
            }
        }
        let _ = self.queue.send(items);
    }

    /// Waits for room for so many bytes of log lines.
    pub(crate) async fn room(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let bytes = u32::try_from(bytes.min(LOG_BYTES_IN_FLIGHT)).unwrap_or(u32::MAX);
        Arc::clone(&self.log_budget).acquire_many_owned(bytes).await.ok()
    }
}

struct Loop {
    pool: Pool,
    incoming: mpsc::UnboundedReceiver<Vec<Item>>,
    dirty: Dirty,
}

impl Loop {
    async fn run(mut self) {
        loop {
            let first = tokio::select! {
                first = self.incoming.recv() => first,
                () = self.dirty.due() => Some(Vec::new()),
            };
            let Some(mut batch) = first else { break };
            while batch.len() < LARGEST_BATCH
                && let Ok(more) = self.incoming.try_recv()
            {
                batch.extend(more);
            }
            self.write(batch).await;
        }
        if !self.dirty.is_clean() {
            self.dirty.sent_at = None;
            self.write(Vec::new()).await;
        }
    }

    async fn write(&mut self, batch: Vec<Item>) {
        let (dropped, items): (Vec<Item>, Vec<Item>) = batch.into_iter().partition(|item| item.lease.is_lost());
        for item in dropped {
            answer(item, WriteOutcome::Lost);
        }
        for item in &items {
            self.dirty.note(&item.write);
        }
        let hint = self.dirty.take();
        let hinted = usize::from(hint.is_some());
        if hinted + items.len() == 0 {
            return;
        }
        let mut writes: Vec<Write> = hint.into_iter().collect();
        writes.extend(items.iter().map(|item| item.write.clone()));
        match self.until_taken(&writes).await {
            Ok(outcomes) => {
                for (item, outcome) in items.into_iter().zip(outcomes.into_iter().skip(hinted)) {
                    answer(item, outcome);
                }
            }
            // The batch as a whole is refused: each write answers for itself and blocks no other.
            Err(error) => {
                tracing::warn!(%error, writes.count = items.len(), "A batch was refused; its writes go one by one.");
                for item in items {
                    let outcome = self.one(&item.write).await;
                    answer(item, outcome);
                }
            }
        }
    }

    /// A write that fails alone is tried some times more: a statement may have run out of time.
    async fn one(&self, write: &Write) -> WriteOutcome {
        let mut failures = 0;
        loop {
            match self.until_taken(std::slice::from_ref(write)).await {
                Ok(outcomes) => return outcomes.into_iter().next().unwrap_or(WriteOutcome::Ok),
                Err(DbError::Broken(error)) if failures < MOST_FAILURES => {
                    failures += 1;
                    tracing::warn!(%error, failures, "A write failed; it is tried again.");
                    pace::pause(pace::reconnect_wait(failures)).await;
                }
                Err(error) => return WriteOutcome::Error(error.to_string()),
            }
        }
    }

    /// Tries until the database can be reached; the order of writes never changes meanwhile.
    async fn until_taken(&self, writes: &[Write]) -> db::Result<Vec<WriteOutcome>> {
        let mut failures = 0;
        loop {
            match self.once(writes).await {
                Err(error) if error.is_unavailable() => {
                    failures += 1;
                    let wait = pace::reconnect_wait(failures);
                    tracing::warn!(%error, failures, writes.count = writes.len(), "The database did not take a batch; it is tried again.");
                    pace::pause(wait).await;
                }
                taken => return taken,
            }
        }
    }

    async fn once(&self, writes: &[Write]) -> db::Result<Vec<WriteOutcome>> {
        let mut conn = self.pool.acquire().await.map_err(DbError::from)?;
        queue::write_runs(&mut conn, writes).await
    }
}

fn answer(item: Item, outcome: WriteOutcome) {
    match &outcome {
        WriteOutcome::Lost => item.lease.lose(),
        WriteOutcome::CancelRequested => item.lease.stop.request(crate::stop::StopReason::Canceled),
        WriteOutcome::Error(message) => {
            tracing::error!(run.id = item.lease.run_id, message, "A write was refused.");
        }
        WriteOutcome::Ok | WriteOutcome::Requeued => {}
    }
    if let Some(waiting) = item.answer {
        let _ = waiting.send(outcome);
    }
}

/// Runs that changed since the last hint.
#[derive(Default)]
struct Dirty {
    runs: BTreeSet<String>,
    logs: BTreeSet<String>,
    sent_at: Option<Instant>,
}

impl Dirty {
    fn note(&mut self, write: &Write) {
        match write {
            Write::Log { run_id, .. } => {
                self.logs.insert(run_id.clone());
            }
            Write::Events { run_id, .. } | Write::Step { run_id, .. } | Write::Artifact { run_id, .. } => {
                self.runs.insert(run_id.clone());
            }
            Write::Complete(completion) => {
                self.runs.insert(completion.run_id.clone());
            }
            // A sign of life shows nowhere by itself.
            Write::Beat { .. } | Write::Hint { .. } => {}
        }
    }

    fn is_clean(&self) -> bool {
        self.runs.is_empty() && self.logs.is_empty()
    }

    fn wait(&self) -> Duration {
        self.sent_at
            .map_or(Duration::ZERO, |sent_at| HINT_EVERY.saturating_sub(sent_at.elapsed()))
    }

    /// Waits until a hint is due; for ever when there is nothing to tell.
    async fn due(&self) {
        if self.is_clean() {
            return std::future::pending().await;
        }
        pace::pause(self.wait()).await;
    }

    /// The hint, when one is due.
    fn take(&mut self) -> Option<Write> {
        if self.is_clean() || !self.wait().is_zero() {
            return None;
        }
        self.sent_at = Some(Instant::now());
        Some(Write::Hint {
            runs: std::mem::take(&mut self.runs).into_iter().collect(),
            logs: std::mem::take(&mut self.logs).into_iter().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(run_id: &str) -> Write {
        Write::Events {
            run_id: run_id.to_owned(),
            lease_seq: 1,
            events: Vec::new(),
        }
    }

    #[test]
    fn hints_gather_what_changed_and_keep_their_distance() {
        let mut dirty = Dirty::default();
        dirty.note(&beat("b"));
        dirty.note(&beat("a"));
        dirty.note(&beat("b"));
        let hint = Write::Hint {
            runs: vec!["a".to_owned(), "b".to_owned()],
            logs: Vec::new(),
        };
        assert_eq!(dirty.take(), Some(hint));
        dirty.note(&beat("a"));
        assert_eq!(dirty.take(), None, "the next one is not due");
        assert!(!dirty.is_clean());
    }
}
