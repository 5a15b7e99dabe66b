//! Rows of the database become views.

use super::{
    AttemptView, BoardView, DetailView, ErrorView, LaneOrder, LaneView, MinuteView, RunView, StepView, StripView,
    TemplateView, WorkerView,
};
use db::reads::{AttemptRow, LaneRow, Minute, RunRow, StepRow, Strip, TemplateRow, WorkerRow};
use domain::{RunStatus, StepStatus};
use runs::board::Board;
use runs::read::RunDetail;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A reading of the board; `server_time` in Unix milliseconds.
pub fn board_view(board: Board, server_time: i64) -> BoardView {
    let mut runs: Vec<RunView> = Vec::new();
    let mut keep = |rows: Vec<RunRow>| -> Vec<String> {
        rows.into_iter()
            .map(|row| {
                let id = row.run_id.clone();
                runs.push(row.into());
                id
            })
            .collect()
    };
    let lanes = board
        .lanes
        .into_iter()
        .map(|lane| LaneView {
            order: LaneOrder {
                running: keep(lane.running),
                next: keep(lane.next),
                last: keep(lane.last),
            },
            ..LaneView::from(lane.lane)
        })
        .collect();
    BoardView {
        server_time,
        strip: board.strip.into(),
        minutes: board.minutes.into_iter().map(Into::into).collect(),
        lanes,
        runs,
        workers: board.workers.into_iter().map(Into::into).collect(),
    }
}

/// An opened run.
pub fn detail_view(detail: RunDetail) -> DetailView {
    DetailView {
        run: detail.row.into(),
        attempts: detail.attempts.into_iter().map(Into::into).collect(),
        steps: detail.steps.into_iter().map(Into::into).collect(),
        event_count: detail.events.len() as i64,
        artifact_count: detail.artifacts.len() as i64,
        told_at: detail.events.last().map_or(0, |event| event.at.timestamp_millis()),
        wait: detail.wait.map(super::wait_words::wait_view),
        log_line_count: detail.body.log_line_count,
    }
}

/// JSON for people.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Lenient: a form that a newer worker wrote is shown as far as this build understands it, else not at all.
fn read<T: DeserializeOwned>(value: Option<Value>) -> Option<T> {
    value.and_then(|value| serde_json::from_value(value).ok())
}

impl From<RunRow> for RunView {
    fn from(row: RunRow) -> Self {
        Self {
            id: row.run_id,
            title: row.title,
            action: row.action,
            template: row.template_slug,
            template_version: row.template_version,
            env: row.env,
            lane: row.lane,
            priority: row.priority,
            // The table's CHECK admits only these words; a newer schema's word is shown as not begun.
            status: row.status.parse().unwrap_or(RunStatus::Queued),
            reason: row.reason,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            crash_count: row.crash_count,
            requested_by: row.requested_by,
            steps_total: row.steps_total,
            steps_done: row.steps_done,
            current_step: row.current_step,
            progress: read(row.progress),
            error: read(row.error),
            worker: row.worker_name,
            heartbeat_at: row.heartbeat_at.map(|at| at.timestamp_millis()),
            expires_at: row.expires_at.map(|at| at.timestamp_millis()),
            cancel_requested_at: row.cancel_requested_at.map(|at| at.timestamp_millis()),
            run_after: row.run_after.map(|at| at.timestamp_millis()),
            created_at: row.created_at.timestamp_millis(),
            queued_at: row.queued_at.timestamp_millis(),
            started_at: row.started_at.map(|at| at.timestamp_millis()),
            finished_at: row.finished_at.map(|at| at.timestamp_millis()),
            version: row.version,
        }
    }
}

impl From<LaneRow> for LaneView {
    fn from(row: LaneRow) -> Self {
        Self {
            name: row.name,
            title: row.title,
            purpose: row.purpose,
            max_running: row.max_running,
            paused_at: row.paused_at.map(|at| at.timestamp_millis()),
            paused_by: row.paused_by,
            pause_reason: row.pause_reason,
            running: row.running,
            queued: row.queued,
            deferred: row.deferred,
            oldest_queued_at: row.oldest_queued_at.map(|at| at.timestamp_millis()),
            order: LaneOrder::default(),
        }
    }
}

impl From<Strip> for StripView {
    fn from(row: Strip) -> Self {
        Self {
            workers_fresh: row.workers_fresh,
            workers_stale: row.workers_stale,
            slots: row.slots,
            running: row.running,
            queued: row.queued,
            oldest_queued_at: row.oldest_queued_at.map(|at| at.timestamp_millis()),
            oldest_queued_lane: row.oldest_queued_lane,
            failed_24h: row.failed_24h,
            finished_24h: row.finished_24h,
            stuck: row.stuck,
            recovered_24h: row.recovered_24h,
        }
    }
}

impl From<Minute> for MinuteView {
    fn from(row: Minute) -> Self {
        Self {
            at: row.minute.timestamp_millis(),
            finished: row.finished,
            failed: row.failed,
            queue_depth: row.queue_depth,
        }
    }
}

impl From<WorkerRow> for WorkerView {
    fn from(row: WorkerRow) -> Self {
        Self {
            id: row.worker_id.to_string(),
            name: row.name,
            host: row.host,
            pid: row.pid,
            version: row.version,
            lanes: row.lanes,
            kinds: row.kinds,
            slots: row.slots,
            running: row.running,
            started_at: row.started_at.timestamp_millis(),
            heartbeat_at: row.heartbeat_at.timestamp_millis(),
            expires_at: row.expires_at.timestamp_millis(),
            draining_at: row.draining_at.map(|at| at.timestamp_millis()),
            stopped_at: row.stopped_at.map(|at| at.timestamp_millis()),
            last_claim_at: row.last_claim_at.map(|at| at.timestamp_millis()),
        }
    }
}

impl From<AttemptRow> for AttemptView {
    fn from(row: AttemptRow) -> Self {
        Self {
            attempt: row.attempt,
            lease_seq: row.lease_seq,
            worker: row.worker_name,
            claimed_at: row.claimed_at.timestamp_millis(),
            ended_at: row.ended_at.map(|at| at.timestamp_millis()),
            outcome: row.outcome,
            error: read::<ErrorView>(row.error),
        }
    }
}

impl From<StepRow> for StepView {
    fn from(row: StepRow) -> Self {
        Self {
            step: row.step,
            lease_seq: row.lease_seq,
            attempt: row.attempt,
            position: row.position,
            title: row.title,
            kind: row.kind,
            status: row.status.parse().unwrap_or(StepStatus::Running),
            try_number: row.try_number,
            started_at: row.started_at.map(|at| at.timestamp_millis()),
            finished_at: row.finished_at.map(|at| at.timestamp_millis()),
            error: read(row.error),
        }
    }
}

impl From<TemplateRow> for TemplateView {
    fn from(row: TemplateRow) -> Self {
        Self {
            slug: row.slug,
            title: row.title,
            description: row.description,
            lane: row.lane,
            version: row.latest_version,
            updated_at: row.updated_at.timestamp_millis(),
        }
    }
}
