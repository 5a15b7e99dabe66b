//! The one writer of this process: everything runs have to say goes through it, in order, in batches.
//!
//! A batch is what came while the batch before was being written: a lone write goes at once, a busy
//! worker writes many at a time. A batch is tried until the database took it, and every write may be sent
//! twice: it is numbered inside its lease. Slots are given up only after the answer.
//!
//! Two kinds of batches leave side by side. What runs say while they go on leaves in order, one batch after
//! the other. Runs that said nothing before they ended leave whole ([`young`]); they depend on nothing, so
//! several such batches may be on their way.

mod batch;
mod dirty;
mod resend;
mod young;

use crate::{held::Lease, life::Life, pace};
use batch::{one_by_one, until_finished, until_taken};
use db::{
    Pool,
    queue::{Write, WriteOutcome},
};
use dirty::Dirty;
use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use std::{collections::VecDeque, sync::Arc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use young::{Finished, Way, Young};

/// Writes of one batch.
const LARGEST_BATCH: usize = 500;
/// Runs of one batch of whole runs.
const MOST_FINISHED: usize = 500;
/// How many whole runs must have gathered to open one more connection for them, by those that are busy.
const WORTH_A_CONNECTION: [usize; 3] = [1, 48, 192];
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
    pub(crate) fn new(pool: Pool, life: Arc<Life>) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, incoming) = mpsc::unbounded_channel();
        let writer = Self {
            queue,
            log_budget: Arc::new(Semaphore::new(LOG_BYTES_IN_FLIGHT)),
        };
        (
            writer,
            Loop {
                way: Passage { pool, life },
                incoming,
                young: Young::default(),
                finished: Vec::new(),
                batch: VecDeque::new(),
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

impl Item {
    /// A write whose answer nobody waits for.
    fn quiet(write: Write, lease: &Arc<Lease>) -> Self {
        Self {
            write,
            lease: Arc::clone(lease),
            answer: None,
            room: None,
        }
    }
}

/// The way to the database, and who knows how long to wait there.
#[derive(Clone)]
struct Passage {
    pool: Pool,
    life: Arc<Life>,
}

struct Loop {
    way: Passage,
    incoming: mpsc::UnboundedReceiver<Vec<Item>>,
    young: Young,
    finished: Vec<Finished>,
    batch: VecDeque<Item>,
    dirty: Dirty,
}

/// What is on its way.
enum Landed {
    Batch,
    /// Runs that the database refused together.
    Finished(Vec<Item>),
}

impl Loop {
    async fn run(mut self) {
        let mut batch_away = false;
        let mut finished_away = 0;
        let mut away: FuturesUnordered<BoxFuture<'static, Landed>> = FuturesUnordered::new();
        let mut open = true;
        loop {
            while let Ok(items) = self.incoming.try_recv() {
                self.accept(items);
            }
            let grown = self.young.grown(!open);
            self.batch.extend(grown);
            while let Some(least) = WORTH_A_CONNECTION.get(finished_away)
                && self.finished.len() >= *least
            {
                finished_away += 1;
                away.push(self.send_finished());
            }
            if !batch_away && (!self.batch.is_empty() || self.dirty.is_due() || (!open && !self.dirty.is_clean())) {
                batch_away = true;
                away.push(self.send_batch(!open));
            }
            if !open && away.is_empty() {
                break;
            }
            let growing = self.young.next_in();
            tokio::select! {
                Some(landed) = away.next(), if !away.is_empty() => match landed {
                    Landed::Batch => batch_away = false,
                    Landed::Finished(refused) => {
                        finished_away -= 1;
                        self.batch.extend(refused);
                    }
                },
                items = self.incoming.recv(), if open => match items {
                    Some(items) => self.accept(items),
                    None => open = false,
                },
                () = pace::pause(growing.unwrap_or_default()), if growing.is_some() => {}
                () = self.dirty.due(), if !batch_away => {}
            }
        }
    }

    fn accept(&mut self, items: Vec<Item>) {
        let mut items = items;
        if items.iter().any(|item| item.lease.is_lost()) {
            let (lost, kept): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| item.lease.is_lost());
            for item in lost {
                answer(item, WriteOutcome::Lost);
            }
            items = kept;
        }
        match self.young.take(items) {
            Way::Wait => {}
            Way::Finished(finished) => self.finished.push(*finished),
            Way::Batch(items) => self.batch.extend(items),
        }
    }

    /// Sends what runs said that go on.
    fn send_batch(&mut self, hurry: bool) -> BoxFuture<'static, Landed> {
        let most = self.batch.len().min(LARGEST_BATCH);
        let (lost, items): (Vec<Item>, Vec<Item>) = self.batch.drain(..most).partition(|item| item.lease.is_lost());
        for item in lost {
            answer(item, WriteOutcome::Lost);
        }
        for item in &items {
            self.dirty.note(&item.write);
            if matches!(item.write, Write::Complete(_)) {
                item.lease.end();
            }
        }
        let hint = if hurry && !self.dirty.is_clean() {
            Some(self.dirty.take_now())
        } else {
            self.dirty.take()
        };
        let way = self.way.clone();
        async move {
            write(&way, hint, items).await;
            Landed::Batch
        }
        .boxed()
    }

    /// Sends runs that have ended.
    fn send_finished(&mut self) -> BoxFuture<'static, Landed> {
        let most = self.finished.len().min(MOST_FINISHED);
        let mut finished: Vec<Finished> = self.finished.drain(..most).collect();
        for one in &finished {
            self.dirty.note_run(&one.run.end.run_id);
            one.lease.end();
        }
        let hint = self.dirty.take();
        let way = self.way.clone();
        async move {
            finished.sort_unstable_by(|a, b| a.run.end.run_id.cmp(&b.run.end.run_id));
            Landed::Finished(until_finished(&way, finished, hint).await)
        }
        .boxed()
    }
}

async fn write(way: &Passage, hint: Option<Write>, items: Vec<Item>) {
    let hinted = usize::from(hint.is_some());
    if hinted + items.len() == 0 {
        return;
    }
    let writes: Vec<&Write> = hint.iter().chain(items.iter().map(|item| &item.write)).collect();
    match until_taken(way, &writes).await {
        Ok(outcomes) => {
            for (item, outcome) in items.into_iter().zip(outcomes.into_iter().skip(hinted)) {
                answer(item, outcome);
            }
        }
        // The batch as a whole is refused: each write answers for itself and blocks no other.
        Err(error) => {
            tracing::warn!(%error, writes.count = items.len(), "A batch was refused; its writes go one by one.");
            one_by_one(way, items).await;
        }
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
