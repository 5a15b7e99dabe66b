//! The board: what is broken, what runs, what waits.

use db::reads::{self, LaneRow, Minute, RunRow, Strip, WorkerRow};
use db::{PgConnection, Result};

/// Minutes on the chart.
pub const CHART_MINUTES: i32 = 60;
/// Queued runs shown per lane.
pub const NEXT_PER_LANE: i64 = 5;
/// Ended runs shown per lane.
pub const LAST_PER_LANE: i64 = 5;

/// Everything the first page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// Numbers on top.
    pub strip: Strip,
    /// The chart, oldest first.
    pub minutes: Vec<Minute>,
    /// Lanes in order.
    pub lanes: Vec<LaneBoard>,
    /// Workers of this day.
    pub workers: Vec<WorkerRow>,
}

/// One lane with the runs that show in it.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneBoard {
    /// The lane and its load.
    pub lane: LaneRow,
    /// Running now, and waiting for a person or an answer.
    pub running: Vec<RunRow>,
    /// Next to run.
    pub next: Vec<RunRow>,
    /// Last to end.
    pub last: Vec<RunRow>,
}

/// Reads the board.
pub async fn read(conn: &mut PgConnection) -> Result<Board> {
    let lanes = lanes(conn).await?;
    let loads: Vec<LaneRow> = lanes.iter().map(|lane| lane.lane.clone()).collect();
    Ok(Board {
        strip: reads::strip_over(conn, &loads).await?,
        minutes: reads::minutes(conn, CHART_MINUTES).await?,
        lanes,
        workers: reads::workers(conn).await?,
    })
}

/// Reads the lanes and the runs that show in them: the part of the board that changes most.
pub async fn lanes(conn: &mut PgConnection) -> Result<Vec<LaneBoard>> {
    let running = reads::running(conn).await?;
    let next = reads::next_queued(conn, NEXT_PER_LANE).await?;
    let last = reads::last_finished(conn, LAST_PER_LANE).await?;
    let of = |rows: &[RunRow], lane: &LaneRow| rows.iter().filter(|row| row.lane == lane.name).cloned().collect();
    let lanes = reads::lanes(conn).await?;
    Ok(lanes
        .into_iter()
        .map(|lane| LaneBoard {
            running: of(&running, &lane),
            next: of(&next, &lane),
            last: of(&last, &lane),
            lane,
        })
        .collect())
}
