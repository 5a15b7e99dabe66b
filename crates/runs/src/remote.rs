//! Workers that speak HTTP: what they may claim, write and be told.
//!
//! A token reaches only the leases of the workers it registered; the number of a lease is no secret, so
//! naming it proves nothing. What such a worker says passes the same mask as what our own workers say.

use crate::{
    mask::Mask,
    secrets::{self, SecretError, SecretKey},
    template,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::{
    PgConnection, Result,
    error::DbError,
    queue::{self, ArtifactBody, Beat, BeatOutcome, ClaimedRun, HeldLease, NewArtifact, Wait, Write, WriteOutcome},
};
use domain::Template;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

pub use db::queue::{WorkerSpec, WorkerState, deregister_worker, drain_worker, heartbeat_worker, register_worker};

/// Numbers by which a worker paces itself, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clockwork {
    /// A run whose worker is silent for so long is given to another.
    pub lease_ms: i32,
    /// How often to say that it is alive.
    pub heartbeat_ms: i32,
}

/// Reads the numbers.
pub async fn clockwork(conn: &mut PgConnection) -> Result<Clockwork> {
    let lease_ms = db::settings::value(conn, "lease").await?.unwrap_or(20_000);
    let heartbeat_ms = db::settings::value(conn, "heartbeat").await?.unwrap_or(5_000);
    Ok(Clockwork { lease_ms, heartbeat_ms })
}

/// Why a worker got nothing.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The lease is not held by a worker of the caller.
    #[error("this lease is not held by a worker of yours any more")]
    Lost,
    /// A secret could not be given.
    #[error("a secret could not be given")]
    Secret(#[source] SecretError),
    /// Postgres refused or failed.
    #[error("the queue could not be reached")]
    Db(#[from] DbError),
}

/// Takes up to `want` due runs for a worker that [`heartbeat_worker`] found to be the caller's. Without
/// lanes, those it serves.
pub async fn claim(
    conn: &mut PgConnection,
    worker_id: Uuid,
    lanes: Option<&[String]>,
    want: i32,
) -> Result<Vec<ClaimedRun>> {
    let lanes = match lanes {
        Some(lanes) => lanes.to_vec(),
        None => queue::worker_lanes(conn, worker_id).await?.unwrap_or_default(),
    };
    let claimed = queue::claim_runs(conn, worker_id, &lanes, want).await?;
    if !claimed.is_empty() {
        let runs = claimed.iter().map(|run| run.run_id.clone()).collect();
        queue::write_runs(conn, &[Write::Hint { runs, logs: Vec::new() }]).await?;
    }
    Ok(claimed)
}

/// Renews leases; the answers stand in the order of the beats.
pub async fn heartbeat(conn: &mut PgConnection, beats: &[Beat]) -> Result<Vec<BeatOutcome>> {
    let runs: Vec<String> = beats.iter().map(|beat| beat.run_id.clone()).collect();
    let held = Held::read(conn, &runs).await?;
    let ours: Vec<Beat> = beats
        .iter()
        .filter(|beat| held.has(&beat.run_id, beat.lease_seq))
        .cloned()
        .collect();
    let mut answers = queue::heartbeat_runs(conn, &ours).await?.into_iter();
    Ok(beats
        .iter()
        .map(|beat| {
            let answer = held.has(&beat.run_id, beat.lease_seq).then(|| answers.next()).flatten();
            answer.map_or(BeatOutcome::Lost, |(_, outcome)| outcome)
        })
        .collect())
}

/// Gives a run back without a penalty; false when it was lost before.
pub async fn release(conn: &mut PgConnection, run_id: &str, lease_seq: i64) -> Result<bool> {
    let held = Held::read(conn, &[run_id.to_owned()]).await?;
    Ok(held.has(run_id, lease_seq) && queue::release_run(conn, run_id, lease_seq).await?)
}

/// Lets a held run wait at a step; false when it was lost before.
pub async fn suspend(conn: &mut PgConnection, run_id: &str, lease_seq: i64, step: &str, wait: &Wait) -> Result<bool> {
    let held = Held::read(conn, &[run_id.to_owned()]).await?;
    Ok(held.has(run_id, lease_seq) && queue::suspend_run(conn, run_id, lease_seq, step, wait).await?)
}

/// Writes what a worker says, masked; the answers stand in the order of the writes.
pub async fn write(
    conn: &mut PgConnection,
    key: &SecretKey,
    writes: Vec<Write>,
) -> std::result::Result<Vec<WriteOutcome>, RemoteError> {
    let runs: Vec<String> = writes
        .iter()
        .filter_map(|write| lease_of(write).map(|(run, _)| run.to_owned()))
        .collect();
    let held = Held::read(conn, &runs).await?;
    let masks = held.masks(conn, key).await?;
    let mut ours = Vec::new();
    let mut places = Vec::new();
    let mut outcomes = vec![WriteOutcome::Lost; writes.len()];
    for (place, write) in writes.into_iter().enumerate() {
        let Some((run_id, lease_seq)) = lease_of(&write) else {
            continue;
        };
        if held.has(run_id, lease_seq) {
            let mask = masks.get(run_id);
            places.push(place);
            ours.push(match mask {
                Some(mask) => masked(write, mask),
                None => write,
            });
        }
    }
    if ours.is_empty() {
        return Ok(outcomes);
    }
    ours.push(hint(&ours));
    for (place, outcome) in places.into_iter().zip(queue::write_runs(conn, &ours).await?) {
        outcomes[place] = outcome;
    }
    Ok(outcomes)
}

/// What must not be in the bytes that a worker brings for a held run; `None` when the lease is not held
/// by a worker of the caller.
pub async fn mask(
    conn: &mut PgConnection,
    key: &SecretKey,
    run_id: &str,
    lease_seq: i64,
) -> std::result::Result<Option<Mask>, RemoteError> {
    let held = Held::read(conn, &[run_id.to_owned()]).await?;
    if !held.has(run_id, lease_seq) {
        return Ok(None);
    }
    let masks = held.masks(conn, key).await?;
    Ok(Some(masks.get(run_id).cloned().unwrap_or_default()))
}

/// The secrets that the template of a held run names, and no others.
pub async fn secrets(
    conn: &mut PgConnection,
    key: &SecretKey,
    run_id: &str,
    lease_seq: i64,
) -> std::result::Result<BTreeMap<String, String>, RemoteError> {
    let held = Held::read(conn, &[run_id.to_owned()]).await?;
    let lease = held
        .0
        .get(run_id)
        .filter(|lease| lease.lease_seq == lease_seq)
        .ok_or(RemoteError::Lost)?;
    secrets::get_many(conn, key, &named(lease))
        .await
        .map_err(RemoteError::Secret)
}

/// Leases of the caller's workers, by run.
struct Held(HashMap<String, HeldLease>);

impl Held {
    async fn read(conn: &mut PgConnection, runs: &[String]) -> Result<Self> {
        let held = queue::held_leases(conn, runs).await?;
        Ok(Self(
            held.into_iter().map(|lease| (lease.run_id.clone(), lease)).collect(),
        ))
    }

    fn has(&self, run_id: &str, lease_seq: i64) -> bool {
        self.0.get(run_id).is_some_and(|lease| lease.lease_seq == lease_seq)
    }

    /// What must not be said, by run. A secret that was deleted since needs no hiding.
    async fn masks(
        &self,
        conn: &mut PgConnection,
        key: &SecretKey,
    ) -> std::result::Result<HashMap<&str, Mask>, RemoteError> {
        let mut masks = HashMap::new();
        for (run_id, lease) in &self.0 {
            let names: Vec<String> = named(lease).into_iter().collect();
            if names.is_empty() {
                continue;
            }
            let sealed = db::secrets::get(conn, &names).await?;
            let values = sealed
                .iter()
                .map(|secret| key.open(secret))
                .collect::<std::result::Result<Vec<_>, _>>();
            masks.insert(run_id.as_str(), Mask::new(values.map_err(RemoteError::Secret)?));
        }
        Ok(masks)
    }
}

fn named(lease: &HeldLease) -> BTreeSet<String> {
    let definition = lease.definition.clone();
    let template = definition.and_then(|definition| serde_json::from_value::<Template>(definition).ok());
    template
        .iter()
        .flat_map(|template| &template.steps)
        .flat_map(template::secrets_of)
        .collect()
}

fn lease_of(write: &Write) -> Option<(&str, i64)> {
    match write {
        Write::Events { run_id, lease_seq, .. }
        | Write::Log { run_id, lease_seq, .. }
        | Write::Step { run_id, lease_seq, .. }
        | Write::Artifact { run_id, lease_seq, .. }
        | Write::Beat { run_id, lease_seq, .. } => Some((run_id, *lease_seq)),
        Write::Complete(completion) => Some((&completion.run_id, completion.lease_seq)),
        Write::Hint { .. } => None,
    }
}

/// One hint for the whole batch.
fn hint(writes: &[Write]) -> Write {
    let (mut runs, mut logs) = (BTreeSet::new(), BTreeSet::new());
    for write in writes {
        if let Some((run_id, _)) = lease_of(write) {
            let kind = if matches!(write, Write::Log { .. }) {
                &mut logs
            } else {
                &mut runs
            };
            kind.insert(run_id.to_owned());
        }
    }
    Write::Hint {
        runs: runs.into_iter().collect(),
        logs: logs.into_iter().collect(),
    }
}

/// The same write with secrets hidden. Bytes of artifacts arrive encoded: [`hide_bytes`] has seen them.
fn masked(write: Write, mask: &Mask) -> Write {
    let text = |text: String| mask.text(&text).into_owned();
    let value = |value: Option<Value>| value.map(|value| mask.value(value));
    match write {
        Write::Events {
            run_id,
            lease_seq,
            mut events,
        } => {
            for event in &mut events {
                event.message = mask.text(&event.message).into_owned();
                event.data = value(event.data.take());
            }
            Write::Events {
                run_id,
                lease_seq,
                events,
            }
        }
        Write::Log {
            run_id,
            lease_seq,
            step,
            seq,
            lines,
            at,
            offsets_ms,
            streams,
        } => {
            let lines = text(lines);
            Write::Log {
                run_id,
                lease_seq,
                step,
                seq,
                lines,
                at,
                offsets_ms,
                streams,
            }
        }
        Write::Step {
            run_id,
            lease_seq,
            mut step,
        } => {
            step.output = value(step.output.take());
            step.error = value(step.error.take());
            Write::Step {
                run_id,
                lease_seq,
                step,
            }
        }
        Write::Complete(mut completion) => {
            completion.result = value(completion.result.take());
            completion.error = value(completion.error.take());
            Write::Complete(completion)
        }
        Write::Artifact {
            run_id,
            lease_seq,
            mut artifact,
        } => {
            hide_bytes(&mut artifact, mask);
            Write::Artifact {
                run_id,
                lease_seq,
                artifact,
            }
        }
        other => other,
    }
}

/// The bytes of an artifact that stands in its row.
#[derive(Debug)]
pub struct InlineBytes(Vec<u8>);

impl InlineBytes {
    /// Longest content.
    pub const MOST: usize = 64 * 1024;

    /// Reads base64; `None` when it is none or too long.
    pub fn decode(encoded: &str) -> Option<Self> {
        STANDARD
            .decode(encoded)
            .ok()
            .filter(|bytes| bytes.len() <= Self::MOST)
            .map(Self)
    }

    /// The artifact, with size and checksum.
    pub fn into_artifact(self, step: Option<String>, name: String, kind: &str, content_type: String) -> NewArtifact {
        NewArtifact {
            step,
            name,
            kind: kind.to_owned(),
            content_type,
            size_bytes: i64::try_from(self.0.len()).unwrap_or(i64::MAX),
            sha256: domain::hex(&Sha256::digest(&self.0)),
            body: ArtifactBody::InlineBase64(STANDARD.encode(self.0)),
        }
    }
}

/// Hides secrets in the bytes of an artifact, which then has another size and checksum.
fn hide_bytes(artifact: &mut NewArtifact, mask: &Mask) {
    let ArtifactBody::InlineBase64(encoded) = &artifact.body else {
        return;
    };
    let Some(InlineBytes(bytes)) = InlineBytes::decode(encoded) else {
        return;
    };
    let step = artifact.step.take();
    let (name, content_type) = (
        std::mem::take(&mut artifact.name),
        std::mem::take(&mut artifact.content_type),
    );
    *artifact = InlineBytes(mask.bytes(bytes)).into_artifact(step, name, &artifact.kind, content_type);
}
