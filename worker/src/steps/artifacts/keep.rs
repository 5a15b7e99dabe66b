//! Keeping what a step leaves: small files in their rows, large ones in the object store.

use super::{
    collect::{self, FoundFile},
    kind,
    prepare::{NotReady, Ready, prepare},
};
use crate::{journal::FileLeft, pace, steps::StepContext, stop::StopReason};
use bytes::Bytes;
use db::Pool;
use futures::{future::Either, stream};
use runs::artifacts::{Brought, INLINE_BYTES, Object, Store, StoreError, bring};
use serde_json::json;
use std::{
    fs::File,
    io::{self, Seek, SeekFrom},
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio_util::io::ReaderStream;

/// Tries to bring one file; the client of the store tries each request again by itself.
const TRIES: u32 = 3;
/// Looks at an object that is just being removed, one a second.
const LOOKS: u32 = 30;
/// Bytes read from a file at once.
const PIECE: usize = 256 * 1024;

/// The way to the object store; a worker without one keeps small files only.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) pool: Pool,
    pub(crate) store: Option<Store>,
}

/// Where the bytes of a large artifact come from, as often as they are needed.
enum Source {
    File(File),
    Bytes(Bytes),
}

/// Keeps every file in `directory`; what is left out is said in the log and as an event.
pub(in crate::steps) async fn leave_directory(step: &StepContext<'_>, directory: &Path) {
    let found = match collect::collect(directory) {
        Ok(found) => found,
        Err(error) => {
            step.log.say(&format!("The artifacts cannot be read: {error}.")).await;
            return;
        }
    };
    let mut left_out = found.left_out;
    for file in found.files {
        let declared = found.kinds.get(&file.name).map(String::as_str);
        if let Err(reason) = leave_file(step, &file, declared, directory).await {
            left_out.push(format!("{} is left out: {reason}.", file.name));
        }
    }
    say_left_out(step, &left_out).await;
}

/// Keeps an artifact that a handler made itself.
pub(crate) async fn leave_bytes(step: &StepContext<'_>, file: FileLeft) {
    if file.bytes.len() <= INLINE_BYTES {
        step.journal.artifact(step.step, file);
        return;
    }
    // The checksum is that of what leaves.
    let bytes = Bytes::from(step.journal.mask().bytes(file.bytes));
    let object = Object::of(&bytes);
    let kept = leave_large(step, &object, &Source::Bytes(bytes)).await;
    match kept {
        Ok(()) => {
            step.journal
                .stored(step.step, &file.name, (file.kind, file.content_type), &object)
                .await;
        }
        Err(None) => {}
        Err(Some(reason)) => say_left_out(step, &[format!("{} is left out: {reason}.", file.name)]).await,
    }
}

async fn leave_file(
    step: &StepContext<'_>,
    file: &FoundFile,
    declared: Option<&str>,
    directory: &Path,
) -> Result<(), String> {
    let store = step.keeper.store.as_ref();
    let most_bytes = store.map_or(INLINE_BYTES as u64, Store::most_bytes);
    let (name, path, scratch) = (file.name.clone(), file.path.clone(), directory.to_owned());
    let mask = step.journal.mask();
    let preparing =
        tokio::task::spawn_blocking(move || prepare(&name, &path, &scratch, &Arc::unwrap_or_clone(mask), most_bytes));
    let ready = preparing
        .await
        .map_err(|_| "reading it broke down".to_owned())?
        .map_err(|error| not_ready(&error, most_bytes))?;
    let as_declared = |kind: kind::Kind| declared.and_then(|word| kind.declared(word)).unwrap_or(kind);
    match ready {
        Ready::Small { kind, bytes } => {
            let (kind, bytes) = match kind::link_of(&file.name, &bytes) {
                Some((link, address)) => (link, address.into_bytes()),
                None => (as_declared(kind), bytes),
            };
            let left = FileLeft {
                name: file.name.clone(),
                kind: kind.word,
                content_type: kind.content_type,
                bytes,
            };
            step.journal.artifact(step.step, left);
            Ok(())
        }
        Ready::Large {
            kind,
            object,
            file: open,
        } => {
            let kind = as_declared(kind);
            match leave_large(step, &object, &Source::File(open)).await {
                Ok(()) => {
                    step.journal
                        .stored(step.step, &file.name, (kind.word, kind.content_type), &object)
                        .await;
                    Ok(())
                }
                Err(None) => Ok(()),
                Err(Some(reason)) => Err(reason),
            }
        }
    }
}

/// Brings bytes into the store. Refused with a reason, or without one when the run was lost or given back:
/// then nobody is to hear of it.
async fn leave_large(step: &StepContext<'_>, object: &Object, source: &Source) -> Result<(), Option<String>> {
    let Some(store) = &step.keeper.store else {
        return Err(Some(format!(
            "this worker has no object store, so it keeps up to {} KiB",
            INLINE_BYTES / 1024
        )));
    };
    let given_up = async {
        match step.stop.requested().await {
            StopReason::Lost | StopReason::Released => {}
            // What a canceled step left so far is kept.
            _ => std::future::pending().await,
        }
    };
    tokio::select! {
        kept = keep_trying(step, store, object, source) => kept,
        () = given_up => Err(None),
    }
}

async fn keep_trying(
    step: &StepContext<'_>,
    store: &Store,
    object: &Object,
    source: &Source,
) -> Result<(), Option<String>> {
    let lease = (step.run_id, step.lease_seq);
    let (mut tries, mut looks) = (1, 1);
    loop {
        let bytes = source
            .stream()
            .map_err(|error| Some(format!("it cannot be read: {error}")))?;
        let wait = match bring(&step.keeper.pool, store, lease, object, || bytes).await {
            Ok(Brought::Stored) => return Ok(()),
            Ok(Brought::Lost) => return Err(None),
            Ok(Brought::Busy) if looks < LOOKS => {
                looks += 1;
                Duration::from_secs(1)
            }
            Ok(Brought::Busy) => {
                return Err(Some(
                    "the object store is just removing the same bytes; run the step again".to_owned(),
                ));
            }
            Err(error) if error.is_passing() && tries < TRIES => {
                tracing::warn!(
                    run.id = step.run_id,
                    step.id = step.step,
                    error = &error as &dyn std::error::Error,
                    "An artifact could not be stored; it is tried again."
                );
                tries += 1;
                pace::reconnect_wait(tries)
            }
            Err(error) => {
                tracing::error!(
                    run.id = step.run_id,
                    step.id = step.step,
                    error = &error as &dyn std::error::Error,
                    "An artifact could not be stored."
                );
                return Err(Some(words(&error)));
            }
        };
        pace::pause(wait).await;
    }
}

impl Source {
    /// The bytes from their beginning.
    fn stream(&self) -> io::Result<impl futures::Stream<Item = io::Result<Bytes>> + Send + use<>> {
        Ok(match self {
            Self::File(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Either::Left(ReaderStream::with_capacity(tokio::fs::File::from_std(file), PIECE))
            }
            Self::Bytes(bytes) => Either::Right(stream::iter([Ok(bytes.clone())])),
        })
    }
}

async fn say_left_out(step: &StepContext<'_>, sentences: &[String]) {
    for sentence in sentences {
        step.log.say(sentence).await;
    }
    if !sentences.is_empty() {
        let message = match sentences.len() {
            1 => sentences[0].clone(),
            count => format!("{count} artifacts were left out; the log says why."),
        };
        step.journal.event(
            "artifact_left_out",
            message,
            Some(json!({"step": step.step, "count": sentences.len()})),
        );
    }
}

fn not_ready(error: &NotReady, most_bytes: u64) -> String {
    match error {
        NotReady::TooLarge { size_bytes } => too_large(*size_bytes, most_bytes),
        NotReady::Io(error) => format!("it cannot be read: {error}"),
    }
}

fn too_large(size_bytes: u64, most_bytes: u64) -> String {
    match most_bytes / 1_048_576 {
        0 => format!(
            "it has {} KiB; at most {} are kept",
            size_bytes.div_ceil(1024),
            most_bytes / 1024
        ),
        most => format!("it has {} MiB; at most {most} are kept", size_bytes.div_ceil(1_048_576)),
    }
}

/// A failure of the store as the owner of the run should read it.
fn words(error: &StoreError) -> String {
    match error {
        StoreError::TooLarge { size_bytes, most_bytes } => too_large(*size_bytes, *most_bytes),
        StoreError::NotAsAnnounced { .. } => "it changed while it was read".to_owned(),
        StoreError::Source(error) => format!("it cannot be read: {error}"),
        // A refusal of Postgres is written for people, as the limit of a run is.
        StoreError::Db(error @ db::DbError::Refused { .. }) => error.to_string().trim_end_matches('.').to_owned(),
        error => format!("{error}; the log of the worker has the details"),
    }
}
