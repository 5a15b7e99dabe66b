//! What a worker writes while it holds runs: many writes of many runs in one round trip.

use crate::{DbError, PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;

/// One write. All but a hint are fenced by the lease: they answer `Lost` when it is gone.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Write {
    /// Events of the worker.
    Events {
        /// The run.
        run_id: String,
        /// Lease it is held under.
        lease_seq: i64,
        /// The events; a resend meets its first copy by `seq`.
        events: Vec<NewEvent>,
    },
    /// Lines a step printed.
    Log {
        /// The run.
        run_id: String,
        /// Lease it is held under.
        lease_seq: i64,
        /// Step that printed them.
        step: String,
        /// Number of the chunk inside the lease.
        seq: i32,
        /// The lines, newline-separated, at most 32 KiB.
        lines: String,
        /// When the first line was printed.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
        /// Per line, milliseconds after `at`.
        #[serde(skip_serializing_if = "Option::is_none")]
        offsets_ms: Option<Vec<i32>>,
        /// Per line: o, e or s.
        #[serde(skip_serializing_if = "Option::is_none")]
        streams: Option<String>,
    },
    /// State of a step.
    Step {
        /// The run.
        run_id: String,
        /// Lease it is held under.
        lease_seq: i64,
        /// The step.
        step: NewStep,
    },
    /// Something a step left behind.
    Artifact {
        /// The run.
        run_id: String,
        /// Lease it is held under.
        lease_seq: i64,
        /// The artifact.
        artifact: NewArtifact,
    },
    /// The end of an attempt.
    Complete(Completion),
    /// A sign of life.
    Beat {
        /// The run.
        run_id: String,
        /// Lease it is held under.
        lease_seq: i64,
        /// `{done, total, message}`, when it changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        progress: Option<Value>,
    },
    /// One notification for everything written here: who looks should look again.
    Hint {
        /// Runs that changed.
        runs: Vec<String>,
        /// Runs with new log lines.
        logs: Vec<String>,
    },
}

impl Write {
    /// The lease that it names; a notification names none.
    pub fn lease_seq(&self) -> Option<i64> {
        match self {
            Self::Events { lease_seq, .. }
            | Self::Log { lease_seq, .. }
            | Self::Step { lease_seq, .. }
            | Self::Artifact { lease_seq, .. }
            | Self::Beat { lease_seq, .. } => Some(*lease_seq),
            Self::Complete(end) => Some(end.lease_seq),
            Self::Hint { .. } => None,
        }
    }
}

/// One thing that happened, as a worker tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewEvent {
    /// Number inside the lease.
    pub seq: i64,
    /// Stable word.
    pub kind: String,
    /// Sentence for people.
    pub message: String,
    /// Details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// When; the time of writing if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

/// State of a step. Written again, it replaces what the same lease wrote before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewStep {
    /// Id in the template.
    pub step: String,
    /// Place in the template, from 0.
    pub position: i32,
    /// What people call it.
    pub title: String,
    /// Step kind.
    pub kind: String,
    /// A word of `domain::StepStatus`.
    pub status: String,
    /// Try inside the attempt, from 1.
    #[serde(rename = "try")]
    pub try_number: i32,
    /// Began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    /// Ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// What later steps may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
}

/// Something a step left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewArtifact {
    /// Step that left it.
    pub step: Option<String>,
    /// File name.
    pub name: String,
    /// text, markdown, json, diff, image, file, link, zip, report.
    pub kind: String,
    /// Media type.
    pub content_type: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Checksum, hex.
    pub sha256: String,
    /// Where the bytes are.
    #[serde(flatten)]
    pub body: ArtifactBody,
}

/// Where the bytes of an artifact are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactBody {
    /// In the row, at most 64 KiB before encoding.
    InlineBase64(String),
    /// In an object store.
    StorageUrl(String),
}

/// The end of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Completion {
    /// The run.
    pub run_id: String,
    /// Lease it is held under.
    pub lease_seq: i64,
    /// success, failed or canceled.
    pub status: String,
    /// Outcome.
    pub result: Option<Value>,
    /// `{code, message, hint, step, trace_id}`.
    pub error: Option<Value>,
    /// Another attempt may end better.
    pub retryable: bool,
}

/// What became of a [`Write`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteOutcome {
    /// Written, now or by an earlier copy.
    Ok,
    /// Written; a person wants the run to end.
    CancelRequested,
    /// The run belongs to somebody else now: stop and discard.
    Lost,
    /// The attempt failed and the run waits for its next one.
    Requeued,
    /// Postgres refused this one and wrote the others.
    Error(String),
}

/// What became of the end of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompleteOutcome {
    /// The run is final.
    Ok,
    /// The run belongs to somebody else now.
    Lost,
    /// The run waits for its next attempt.
    Requeued,
}

/// Applies `writes` in order in one transaction; the answers stand in the same order.
pub async fn write_runs<W: std::borrow::Borrow<Write> + Serialize>(
    conn: &mut PgConnection,
    writes: &[W],
) -> Result<Vec<WriteOutcome>> {
    let Json(words) = sqlx::query_scalar::<_, Json<Vec<String>>>(WRITE_RUNS)
        .bind(jsonb_text(writes))
        .fetch_one(conn)
        .await?;
    Ok(words.into_iter().map(WriteOutcome::from).collect())
}

/// Ends one attempt.
pub async fn complete_run(conn: &mut PgConnection, completion: &Completion) -> Result<CompleteOutcome> {
    let word: String = sqlx::query_scalar(COMPLETE_RUN)
        .bind(&completion.run_id)
        .bind(completion.lease_seq)
        .bind(&completion.status)
        .bind(completion.result.as_ref().map(jsonb_text))
        .bind(completion.error.as_ref().map(jsonb_text))
        .bind(completion.retryable)
        .fetch_one(conn)
        .await?;
    match word.as_str() {
        "ok" => Ok(CompleteOutcome::Ok),
        "lost" => Ok(CompleteOutcome::Lost),
        "requeued" => Ok(CompleteOutcome::Requeued),
        _ => Err(DbError::unknown_answer("complete_run", &word)),
    }
}

impl From<String> for WriteOutcome {
    fn from(word: String) -> Self {
        match word.as_str() {
            "ok" => Self::Ok,
            "cancel_requested" => Self::CancelRequested,
            "lost" => Self::Lost,
            "requeued" => Self::Requeued,
            _ => Self::Error(word.strip_prefix("error: ").map_or(word.clone(), str::to_owned)),
        }
    }
}

/// JSON text that `jsonb` accepts: it cannot hold the character NUL, which programs do print.
pub(crate) fn jsonb_text<T: Serialize + ?Sized>(value: &T) -> String {
    let text = serde_json::to_string(value).expect("these types have only string keys");
    if !text.contains("\\u0000") {
        return text;
    }
    // Not read back from the text: readers stop at 128 levels, and what came from outside may be deeper now.
    let mut value = serde_json::to_value(value).expect("it was just written");
    replace_nul(&mut value);
    value.to_string()
}

/// Text as Postgres can hold it.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn replace_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(replace_nul),
        Value::Object(fields) => {
            let clean = std::mem::take(fields).into_iter().map(|(key, mut value)| {
                replace_nul(&mut value);
                (key.replace('\0', "\u{fffd}"), value)
            });
            *fields = clean.collect();
        }
        _ => {}
    }
}

statements! {
    WRITE_RUNS = "select public.write_runs($1::text::jsonb)";
    COMPLETE_RUN = "select public.complete_run($1, $2, $3, $4::text::jsonb, $5::text::jsonb, $6)";
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_write_names_its_operation_and_leaves_out_what_is_absent() {
        let artifact = NewArtifact {
            step: None,
            name: "a.txt".to_owned(),
            kind: "text".to_owned(),
            content_type: "text/plain".to_owned(),
            size_bytes: 2,
            sha256: "00".to_owned(),
            body: ArtifactBody::InlineBase64("aGk=".to_owned()),
        };
        let writes = [
            Write::Hint {
                runs: vec!["r".to_owned()],
                logs: vec![],
            },
            Write::Beat {
                run_id: "r".to_owned(),
                lease_seq: 7,
                progress: None,
            },
            Write::Artifact {
                run_id: "r".to_owned(),
                lease_seq: 7,
                artifact,
            },
        ];
        assert_eq!(
            serde_json::to_value(writes).unwrap(),
            json!([
                {"op": "hint", "runs": ["r"], "logs": []},
                {"op": "beat", "run_id": "r", "lease_seq": 7},
                {"op": "artifact", "run_id": "r", "lease_seq": 7, "artifact": {
                    "step": null, "name": "a.txt", "kind": "text", "content_type": "text/plain",
                    "size_bytes": 2, "sha256": "00", "inline_base64": "aGk=",
                }},
            ])
        );
    }

    #[test]
    fn nul_becomes_a_character_that_jsonb_can_hold() {
        assert_eq!(
            jsonb_text(&json!({"a": "x\0y", "b": "\\u0000"})),
            "{\"a\":\"x\u{fffd}y\",\"b\":\"\\\\u0000\"}"
        );
    }

    #[test]
    fn nul_is_replaced_however_deep_it_lies() {
        let deep = (0..127).fold(json!("\0"), |inner, _| json!([inner]));
        let text = jsonb_text(&json!({"output": deep}));
        assert!(text.contains('\u{fffd}') && !text.contains("\\u0000"), "{text}");
    }
}
