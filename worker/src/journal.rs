//! What one run tells the control plane under one lease: events, steps, log lines, artifacts, its end.
//!
//! Everything a run says passes through here: secrets are hidden, writes are numbered in the order in
//! which they leave, and after the lease is lost nothing leaves any more.

use crate::{
    held::Lease,
    progress::Progress,
    writer::{Item, Writer},
};
use chrono::{DateTime, TimeDelta, Utc};
use db::queue::{ArtifactBody, Completion, NewArtifact, NewEvent, NewStep, Write, WriteOutcome};
use runs::{artifacts::Object, mask::Mask};
use serde_json::Value;
use std::{
    borrow::Cow,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Instant,
};
use tokio::sync::oneshot;

/// The voice of one run.
#[derive(Debug)]
pub struct Journal {
    lease: Arc<Lease>,
    writer: Writer,
    /// Held while a write is numbered and sent, so that numbers leave in order.
    numbers: Mutex<Numbers>,
    mask: RwLock<Arc<Mask>>,
    clock: RunClock,
    progress: Progress,
}

#[derive(Debug, Default)]
struct Numbers {
    event: i64,
    chunk: i32,
}

/// The database's time, counted on from the claim: a worker's own clock may be wrong by hours.
#[derive(Debug, Clone, Copy)]
pub struct RunClock {
    claimed_at: DateTime<Utc>,
    from: Instant,
}

/// One thing to say. Several said at once are written at once.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// Something happened.
    Event {
        kind: &'static str,
        message: String,
        data: Option<Value>,
    },
    /// A step began or ended.
    Step(NewStep),
    /// The attempt ended.
    End {
        status: &'static str,
        result: Option<Value>,
        error: Option<Value>,
        retryable: bool,
    },
    /// How far the work has come: `{done, total, message}`.
    Progress(Value),
    /// Nothing but a sign of life: its answer says that everything before has arrived.
    Beat,
}

/// Lines of one step, as they leave.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub(crate) lines: String,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) offsets_ms: Vec<i32>,
    pub(crate) streams: String,
}

/// A file that a step leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLeft {
    /// Name, with `/` when it was in a directory.
    pub name: String,
    /// text, markdown, json, diff, image, file, link, zip, report.
    pub kind: &'static str,
    /// Media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl RunClock {
    /// A clock that stood at `claimed_at` just now.
    pub fn starting_at(claimed_at: DateTime<Utc>) -> Self {
        Self {
            claimed_at,
            from: Instant::now(),
        }
    }

    /// The database's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.claimed_at + TimeDelta::from_std(self.from.elapsed()).unwrap_or_default()
    }

    /// How long until `at`; zero when it is over.
    pub fn until(&self, at: DateTime<Utc>) -> std::time::Duration {
        (at - self.now()).to_std().unwrap_or_default()
    }
}

impl Journal {
    /// The voice of the run that `lease` holds.
    pub fn new(lease: Arc<Lease>, writer: Writer, clock: RunClock) -> Self {
        Self {
            lease,
            writer,
            numbers: Mutex::default(),
            mask: RwLock::default(),
            clock,
            progress: Progress::default(),
        }
    }

    /// The lease under which everything is written.
    pub fn lease(&self) -> &Arc<Lease> {
        &self.lease
    }

    /// The clock of the run.
    pub fn clock(&self) -> RunClock {
        self.clock
    }

    /// Hides these values in everything that is said from now on.
    pub fn hide<'s>(&self, secrets: impl IntoIterator<Item = &'s String>) {
        Arc::make_mut(&mut self.mask.write().unwrap_or_else(PoisonError::into_inner)).add(secrets);
    }

    /// The mask as it is now.
    pub fn mask(&self) -> Arc<Mask> {
        Arc::clone(&self.mask.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says that something happened.
    pub fn event(&self, kind: &'static str, message: String, data: Option<Value>) {
        self.say(vec![Entry::Event { kind, message, data }]);
    }

    /// Says how far the work has come, now or a moment later.
    pub(crate) fn progress(&self, progress: Value) {
        self.say(self.progress.take(progress).map(Entry::Progress).into_iter().collect());
    }

    /// Says the progress whose time has come; never ends by itself.
    pub(crate) async fn keep_telling(&self) {
        loop {
            let progress = self.progress.due().await;
            self.say(vec![Entry::Progress(progress)]);
        }
    }

    /// Says the progress that has waited until now.
    pub(crate) fn tell_rest(&self) {
        self.say(self.progress.rest().map(Entry::Progress).into_iter().collect());
    }

    /// Says several things at once, without waiting.
    pub(crate) fn say(&self, entries: Vec<Entry>) {
        self.send(entries, None);
    }

    /// Says several things at once and waits until the database has them; answers for the last.
    pub(crate) async fn say_and_wait(&self, entries: Vec<Entry>) -> WriteOutcome {
        let (answer, answered) = oneshot::channel();
        self.send(entries, Some(answer));
        // No answer: the writer has gone, and with it the right to write.
        answered.await.unwrap_or(WriteOutcome::Lost)
    }

    /// Keeps a file of a step; answers without waiting.
    pub(crate) fn artifact(&self, step: &str, file: FileLeft) {
        use base64::Engine as _;
        use sha2::Digest as _;
        let mask = self.mask();
        let bytes = mask.bytes(file.bytes);
        let name = mask.text(&file.name).into_owned();
        let artifact = NewArtifact {
            step: Some(step.to_owned()),
            name,
            kind: file.kind.to_owned(),
            content_type: file.content_type.to_owned(),
            size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            sha256: domain::hex(&sha2::Sha256::digest(&bytes)),
            body: ArtifactBody::InlineBase64(base64::engine::general_purpose::STANDARD.encode(&bytes)),
        };
        self.tell_artifact(artifact, &mask, None);
    }

    /// Tells of a file of a step whose bytes lie in the object store, from which secrets were hidden before,
    /// and waits until the database knows: what the run has left already limits what it may bring next.
    pub(crate) async fn stored(&self, step: &str, name: &str, (kind, content_type): (&str, &str), object: &Object) {
        let mask = self.mask();
        let artifact = NewArtifact {
            step: Some(step.to_owned()),
            name: mask.text(name).into_owned(),
            kind: kind.to_owned(),
            content_type: content_type.to_owned(),
            size_bytes: i64::try_from(object.size_bytes).unwrap_or(i64::MAX),
            sha256: object.sha256.clone(),
            body: ArtifactBody::StorageUrl(object.storage_url()),
        };
        let (answer, answered) = oneshot::channel();
        self.tell_artifact(artifact, &mask, Some(answer));
        // A lost run hears of it by its lease.
        let _ = answered.await;
    }

    fn tell_artifact(&self, artifact: NewArtifact, mask: &Mask, answer: Option<oneshot::Sender<WriteOutcome>>) {
        let told = Entry::Event {
            kind: "artifact",
            message: format!("Left {}.", artifact.name),
            data: Some(serde_json::json!({"step": artifact.step, "name": artifact.name, "kind": artifact.kind})),
        };
        let mut numbers = self.numbers();
        let write = Write::Artifact {
            run_id: self.run_id(),
            lease_seq: self.lease.lease_seq,
            artifact,
        };
        let told = self.write_of(told, &mut numbers, mask);
        self.writer.send(vec![self.item(write, answer), self.item(told, None)]);
    }

    /// Sends log lines, from which secrets were hidden before; waits when too many are on their way.
    pub(crate) async fn log(&self, step: &str, chunk: Chunk) {
        let room = self.writer.room(chunk.lines.len()).await;
        let mut numbers = self.numbers();
        numbers.chunk += 1;
        let write = Write::Log {
            run_id: self.run_id(),
            lease_seq: self.lease.lease_seq,
            step: step.to_owned(),
            seq: numbers.chunk,
            lines: chunk.lines,
            at: chunk.at,
            offsets_ms: Some(chunk.offsets_ms),
            streams: Some(chunk.streams),
        };
        let mut item = self.item(write, None);
        item.room = room;
        self.writer.send(vec![item]);
    }

    fn send(&self, entries: Vec<Entry>, mut answer: Option<oneshot::Sender<WriteOutcome>>) {
        if entries.is_empty() {
            return;
        }
        let mask = self.mask();
        let mut numbers = self.numbers();
        let last = entries.len().saturating_sub(1);
        let items = entries
            .into_iter()
            .enumerate()
            .map(|(place, entry)| {
                let write = self.write_of(entry, &mut numbers, &mask);
                self.item(write, if place == last { answer.take() } else { None })
            })
            .collect();
        self.writer.send(items);
    }

    fn write_of(&self, entry: Entry, numbers: &mut Numbers, mask: &Mask) -> Write {
        let (run_id, lease_seq) = (self.run_id(), self.lease.lease_seq);
        let hidden = |value: Option<Value>| value.map(|value| mask.value(value));
        match entry {
            Entry::Event { kind, message, data } => {
                numbers.event += 1;
                let event = NewEvent {
                    seq: numbers.event,
                    kind: kind.to_owned(),
                    message: mask.text(&message).into_owned(),
                    data: hidden(data),
                    at: Some(self.clock.now()),
                };
                Write::Events {
                    run_id,
                    lease_seq,
                    events: vec![event],
                }
            }
            Entry::Step(step) => {
                let (output, error) = (hidden(step.output), hidden(step.error));
                Write::Step {
                    run_id,
                    lease_seq,
                    step: NewStep { output, error, ..step },
                }
            }
            Entry::End {
                status,
                result,
                error,
                retryable,
            } => Write::Complete(Completion {
                run_id,
                lease_seq,
                status: status.to_owned(),
                result: hidden(result),
                error: hidden(error),
                retryable,
            }),
            Entry::Progress(progress) => Write::Beat {
                run_id,
                lease_seq,
                progress: hidden(Some(progress)),
            },
            Entry::Beat => Write::Beat {
                run_id,
                lease_seq,
                progress: None,
            },
        }
    }

    fn item(&self, write: Write, answer: Option<oneshot::Sender<WriteOutcome>>) -> Item {
        Item {
            write,
            lease: Arc::clone(&self.lease),
            answer,
            room: None,
        }
    }

    fn run_id(&self) -> String {
        self.lease.run_id.clone()
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `text` as it may be shown: without secrets, and without NUL, which Postgres cannot keep.
pub(crate) fn showable<'t>(mask: &Mask, text: &'t str) -> Cow<'t, str> {
    if text.contains('\0') {
        return Cow::Owned(mask.text(&text.replace('\0', "")).into_owned());
    }
    mask.text(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_said_is_numbered_in_order_and_without_secrets() {
        let (writer, mut written) = Writer::recorded();
        let clock = RunClock::starting_at(DateTime::UNIX_EPOCH);
        let journal = Journal::new(Arc::new(Lease::new("run_1", 7)), writer, clock);
        journal.hide([&"hunter2".to_owned()]);
        journal.event(
            "step_started",
            "uses hunter2".to_owned(),
            Some(json!({"hunter2": "hunter2"})),
        );
        journal.say(vec![
            Entry::Event {
                kind: "step_finished",
                message: "done".to_owned(),
                data: None,
            },
            Entry::End {
                status: "success",
                result: Some(json!("hunter2")),
                error: None,
                retryable: false,
            },
        ]);

        let first = written.try_recv().unwrap();
        let Write::Events { events, .. } = &first[0].write else {
            panic!("an event")
        };
        assert_eq!((events[0].seq, events[0].message.as_str()), (1, "uses ***"));
        assert_eq!(events[0].data, Some(json!({"***": "***"})));
        let second = written.try_recv().unwrap();
        let Write::Events { events, .. } = &second[0].write else {
            panic!("an event")
        };
        assert_eq!(events[0].seq, 2);
        let Write::Complete(end) = &second[1].write else {
            panic!("an end")
        };
        assert_eq!(end.result, Some(json!("***")));
    }
}
