//! The board: strip, chart, lanes and the runs in them.

use super::json::from_json;
use super::{RunView, WorkerView};
use serde::{Deserialize, Serialize};

/// Everything the board shows, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardView {
    /// The server's time of reading.
    pub server_time: i64,
    /// Numbers on top.
    pub strip: StripView,
    /// The last sixty minutes, oldest first.
    pub minutes: Vec<MinuteView>,
    /// Lanes in board order.
    pub lanes: Vec<LaneView>,
    /// Every run some lane names.
    pub runs: Vec<RunView>,
    /// Workers.
    pub workers: Vec<WorkerView>,
}

from_json!(BoardView {
    server_time,
    strip,
    minutes,
    lanes,
    runs,
    workers
});

/// A lane with its load and the order of its runs as the server sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneView {
    /// Name.
    pub name: String,
    /// One word.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Limit, if any.
    pub max_running: Option<i32>,
    /// Paused since.
    pub paused_at: Option<i64>,
    /// By whom.
    pub paused_by: Option<String>,
    /// Why.
    pub pause_reason: Option<String>,
    /// Running now.
    pub running: i64,
    /// Due and queued.
    pub queued: i64,
    /// Queued for later.
    pub deferred: i64,
    /// When the oldest due run was queued.
    pub oldest_queued_at: Option<i64>,
    /// Its runs by id.
    pub order: LaneOrder,
}

from_json!(LaneView {
    name,
    title,
    purpose,
    max_running,
    paused_at,
    paused_by,
    pause_reason,
    running,
    queued,
    deferred,
    oldest_queued_at,
    order
});

/// Which runs a lane shows, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneOrder {
    /// Running, oldest start first.
    pub running: Vec<String>,
    /// Next to run, first first.
    pub next: Vec<String>,
    /// Ended, newest first.
    pub last: Vec<String>,
}

from_json!(LaneOrder { running, next, last });

/// The numbers on top of the board.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripView {
    /// Workers with a fresh heartbeat.
    pub workers_fresh: i64,
    /// Workers silent too long.
    pub workers_stale: i64,
    /// Slots of the fresh ones.
    pub slots: i64,
    /// Running now.
    pub running: i64,
    /// Due and queued.
    pub queued: i64,
    /// When the oldest due run was queued.
    pub oldest_queued_at: Option<i64>,
    /// Its lane.
    pub oldest_queued_lane: Option<String>,
    /// Failed for good in the last 24 hours.
    pub failed_24h: i64,
    /// Ended in the last 24 hours.
    pub finished_24h: i64,
    /// Running with an expired lease.
    pub stuck: i64,
    /// Attempts recovered from a lost worker in the last 24 hours.
    pub recovered_24h: i64,
}

from_json!(StripView {
    workers_fresh,
    workers_stale,
    slots,
    running,
    queued,
    oldest_queued_at,
    oldest_queued_lane,
    failed_24h,
    finished_24h,
    stuck,
    recovered_24h
});

/// One minute of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinuteView {
    /// Its beginning.
    pub at: i64,
    /// Ended well or canceled.
    pub finished: i64,
    /// Failed for good.
    pub failed: i64,
    /// Queued and not yet started at its end.
    pub queue_depth: i64,
}

from_json!(MinuteView {
    at,
    finished,
    failed,
    queue_depth
});
