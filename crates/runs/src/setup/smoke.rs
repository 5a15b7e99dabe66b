//! The smoke run: one small run in each lane, watched to its end.

use crate::{
    Services,
    enqueue::{self, Command, EnqueueError, Idempotency, IdempotencyMode},
    template::{self, SaveError},
};
use chrono::{DateTime, Utc};
use db::{
    error::DbError,
    reads::{self, LaneRow, RunRow, WorkerRow},
};
use domain::Claims;

/// Slug of its template.
pub const SLUG: &str = "smoke-run";
const TEMPLATE: &str = include_str!("smoke-run.yaml");

/// Why it could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SmokeError {
    /// The database refused or failed.
    #[error("the smoke run could not be written")]
    Db(#[from] DbError),
    /// Its template was refused.
    #[error("the template of the smoke run was refused")]
    Template(#[from] SaveError),
    /// One of its runs was refused.
    #[error("a smoke run was refused")]
    Run(#[from] EnqueueError),
}

/// How it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Smoke {
    /// One per lane, in the order of the board.
    pub runs: Vec<SmokeRun>,
    /// Workers that take runs at the moment.
    pub workers: usize,
    /// Lanes that no worker serves.
    pub unserved: Vec<String>,
}

/// The run of one lane.
#[derive(Debug, Clone, PartialEq)]
pub struct SmokeRun {
    /// Lane.
    pub lane: String,
    /// Id.
    pub run_id: String,
    /// A word of `domain::RunStatus`.
    pub status: String,
    /// What goes on, in words.
    pub says: String,
}

impl Smoke {
    /// Whether every run has ended.
    pub fn is_over(&self) -> bool {
        let is_final = |run: &SmokeRun| matches!(run.status.as_str(), "success" | "failed" | "canceled");
        self.runs.iter().all(is_final)
    }

    /// Whether every run has ended well.
    pub fn is_green(&self) -> bool {
        !self.runs.is_empty() && self.runs.iter().all(|run| run.status == "success")
    }
}

/// Enqueues one run in each lane; the same `round` twice gives the same runs.
pub async fn start(services: &Services, by: &Claims, round: &str) -> Result<Vec<String>, SmokeError> {
    let mut tx = services.begin(by).await?;
    if template::load(&mut tx, SLUG, None).await?.is_none() {
        template::save(&mut tx, by, TEMPLATE).await?;
        // Saving goes on with other hands than the caller's.
        tx.commit().await.map_err(DbError::from)?;
        tx = services.begin(by).await?;
    }
    let mut runs = Vec::new();
    for lane in reads::lanes(&mut tx).await? {
        let command = Command {
            template: Some(SLUG.to_owned()),
            title: Some(format!("Smoke run of lane {}", lane.name)),
            idempotency: Some(Idempotency {
                key: format!("{round}-{}", lane.name),
                mode: IdempotencyMode::Return,
            }),
            lane: Some(lane.name),
            ui: Some("setup".to_owned()),
            ..Command::default()
        };
        runs.push(enqueue::enqueue(&mut tx, by, command).await?.run_id);
    }
    tx.commit().await.map_err(DbError::from)?;
    Ok(runs)
}

/// Watches the runs.
pub async fn watch(services: &Services, by: &Claims, runs: &[String]) -> Result<Smoke, SmokeError> {
    let mut tx = services.begin(by).await?;
    let lanes = reads::lanes(&mut tx).await?;
    let workers = reads::workers(&mut tx).await?;
    let rows = reads::runs_by_id(&mut tx, runs).await?;
    let now = services.now();
    let live: Vec<&WorkerRow> = workers.iter().filter(|worker| takes_runs(worker, now)).collect();
    let serves = |lane: &str| {
        live.iter()
            .any(|worker| worker.lanes.iter().any(|served| served == lane))
    };
    Ok(Smoke {
        unserved: lanes
            .iter()
            .map(|lane| lane.name.clone())
            .filter(|lane| !serves(lane))
            .collect(),
        workers: live.len(),
        runs: lanes
            .iter()
            .filter_map(|lane| Some((lane, rows.iter().find(|row| row.lane == lane.name)?)))
            .map(|(lane, row)| SmokeRun {
                lane: row.lane.clone(),
                run_id: row.run_id.clone(),
                status: row.status.clone(),
                says: says(row, lane, serves(&lane.name), live.is_empty()),
            })
            .collect(),
    })
}

fn takes_runs(worker: &WorkerRow, now: DateTime<Utc>) -> bool {
    worker.stopped_at.is_none() && worker.draining_at.is_none() && worker.expires_at > now
}

fn says(row: &RunRow, lane: &LaneRow, is_served: bool, nobody_works: bool) -> String {
    let worker = row.worker_name.as_deref().unwrap_or("a worker");
    match row.status.as_str() {
        "queued" if lane.paused_at.is_some() => "The lane is paused: resume it on the board.".to_owned(),
        "queued" if nobody_works => "Waits: no worker is connected.".to_owned(),
        "queued" if !is_served => format!("Waits: no worker serves lane {}.", lane.name),
        "queued" => "Waits for a free slot.".to_owned(),
        "running" => format!("Runs at {worker}."),
        "success" => match (row.started_at, row.finished_at) {
            (Some(started), Some(finished)) => format!("Done in {} ms.", (finished - started).num_milliseconds()),
            _ => "Done.".to_owned(),
        },
        _ => {
            let error = row.error.as_ref().and_then(|error| error.get("message")?.as_str());
            error.unwrap_or("It did not end well; its page says why.").to_owned()
        }
    }
}
