//! Ending short runs: all that many runs have to say, as columns, in one round trip.

use super::writes::{Completion, NewEvent, NewStep, WriteOutcome, without_nul};
use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// A run that ended well, and everything it said from its claim to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct FinishedRun {
    /// How it ended: as success.
    pub end: Completion,
    /// What happened, numbered from 1.
    pub events: Vec<NewEvent>,
    /// Its steps, each as it ended.
    pub steps: Vec<NewStep>,
}

/// Parallel columns of the events of all runs.
#[derive(Debug, Default)]
struct Events<'a> {
    leases: Vec<i32>,
    seqs: Vec<i32>,
    ats: Vec<Option<DateTime<Utc>>>,
    kinds: Vec<&'a str>,
    messages: Vec<String>,
    data: Vec<Option<String>>,
}

/// Parallel columns of the steps of all runs.
#[derive(Debug, Default)]
struct Steps<'a> {
    leases: Vec<i32>,
    names: Vec<&'a str>,
    positions: Vec<i32>,
    titles: Vec<String>,
    kinds: Vec<&'a str>,
    statuses: Vec<&'a str>,
    tries: Vec<i32>,
    starts: Vec<Option<DateTime<Utc>>>,
    ends: Vec<Option<DateTime<Utc>>>,
    outputs: Vec<Option<String>>,
    errors: Vec<Option<String>>,
}

/// Ends runs of which nothing was written before, in one transaction; `Lost` where the lease is gone. The
/// runs are put in the order of their ids, and the answers stand in that order. `changed` are runs of which
/// a notification tells, and runs with new log lines.
pub async fn finish_runs(
    conn: &mut PgConnection,
    runs: &mut [FinishedRun],
    changed: Option<(&[String], &[String])>,
) -> Result<Vec<WriteOutcome>> {
    // Everybody who takes several leases takes them in this order.
    runs.sort_unstable_by(|a, b| a.end.run_id.cmp(&b.end.run_id));
    let mut events = Events::default();
    let mut steps = Steps::default();
    for (run, place) in runs.iter().zip(1..) {
        run.events.iter().for_each(|event| events.push(place, event));
        run.steps.iter().for_each(|step| steps.push(place, step));
    }
    let run_ids: Vec<&str> = runs.iter().map(|run| run.end.run_id.as_str()).collect();
    let lease_seqs: Vec<i64> = runs.iter().map(|run| run.end.lease_seq).collect();
    let results: Vec<Option<String>> = runs.iter().map(|run| json_text(run.end.result.as_ref())).collect();
    let words: Vec<String> = sqlx::query_scalar(FINISH_RUNS)
        .bind(run_ids)
        .bind(lease_seqs)
        .bind(results)
        .bind(events.leases)
        .bind(events.seqs)
        .bind(events.ats)
        .bind(events.kinds)
        .bind(events.messages)
        .bind(events.data)
        .bind(steps.leases)
        .bind(steps.names)
        .bind(steps.positions)
        .bind(steps.titles)
        .bind(steps.kinds)
        .bind(steps.statuses)
        .bind(steps.tries)
        .bind(steps.starts)
        .bind(steps.ends)
        .bind(steps.outputs)
        .bind(steps.errors)
        .bind(changed.map(|(runs, logs)| json!({"runs": runs, "logs": logs}).to_string()))
        .fetch_one(conn)
        .await?;
    Ok(words.into_iter().map(WriteOutcome::from).collect())
}

/// How the attempts under these leases ended, in order; `None` for one that goes on.
pub async fn attempt_outcomes(conn: &mut PgConnection, leases: &[(&str, i64)]) -> Result<Vec<Option<String>>> {
    let (run_ids, lease_seqs): (Vec<&str>, Vec<i64>) = leases.iter().copied().unzip();
    Ok(sqlx::query_scalar(ATTEMPT_OUTCOMES)
        .bind(run_ids)
        .bind(lease_seqs)
        .fetch_one(conn)
        .await?)
}

impl<'a> Events<'a> {
    fn push(&mut self, lease: i32, event: &'a NewEvent) {
        self.leases.push(lease);
        // A run that says so much at once would not be short.
        self.seqs.push(i32::try_from(event.seq).unwrap_or(i32::MAX));
        self.ats.push(event.at);
        self.kinds.push(&event.kind);
        self.messages.push(without_nul(&event.message));
        self.data.push(json_text(event.data.as_ref()));
    }
}

impl<'a> Steps<'a> {
    fn push(&mut self, lease: i32, step: &'a NewStep) {
        self.leases.push(lease);
        self.names.push(&step.step);
        self.positions.push(step.position);
        self.titles.push(without_nul(&step.title));
        self.kinds.push(&step.kind);
        self.statuses.push(&step.status);
        self.tries.push(step.try_number);
        self.starts.push(step.started_at);
        self.ends.push(step.finished_at);
        self.outputs.push(json_text(step.output.as_ref()));
        self.errors.push(json_text(step.error.as_ref()));
    }
}

fn json_text(value: Option<&Value>) -> Option<String> {
    value.map(super::writes::jsonb_text)
}

statements! {
    ATTEMPT_OUTCOMES = "select public.attempt_outcomes($1, $2)";
    FINISH_RUNS = "
        select public.finish_runs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
          $21::text::jsonb)";
}
