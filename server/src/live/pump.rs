//! From hints to events: reads what changed and gives it to the hub.

use super::{Bell, Hub, Topic, pending::Pending};
use app::{
    live::wire::{LiveEvent, RunRows},
    views::{board_view, detail_view},
};
use db::{PgConnection, listener::Listener, reads};
use domain::RunId;
use runs::{Services, board::Board};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;

/// Hints within this time are followed together.
const COALESCE: Duration = Duration::from_millis(50);
/// So much longer for every connection: what is said to thousands is said less often, so that saying it leaves the
/// machine time for the runs.
const PER_LISTENER: Duration = Duration::from_micros(100);
/// But never longer than this.
const LONGEST: Duration = Duration::from_secs(1);
/// Numbers and chart are not read more often.
const SUMMARY: Duration = Duration::from_secs(1);
/// Ages of heartbeats show on the board, so it is read this often while somebody looks; without a line to
/// Postgres everything is. With the time it takes to read, a change shows within two seconds even when its
/// hint is lost.
const TICK: Duration = Duration::from_millis(1500);
/// A lost hint is made good after this long.
const BACKSTOP: Duration = Duration::from_secs(30);
/// Lines that begin the log of a run somebody has just opened.
const TAIL_LINES: i64 = 500;

/// Runs until it is stopped.
pub async fn run(services: Services, hub: Hub, bell: Bell, mut listener: Listener, stop: CancellationToken) {
    let mut pump = Pump {
        services,
        hub,
        board: None,
        summary_at: None,
        cursors: HashMap::new(),
        has_missed: false,
        earliest: Instant::now(),
    };
    let mut pending = Pending::default();
    let mut is_degraded = false;
    let mut backstop_at = Instant::now() + BACKSTOP;
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            signal = listener.next() => {
                // The listener ends only with the process.
                let Some(signal) = signal else { return };
                bell.hear(&signal);
                if let Some(degraded) = pending.hear(signal) {
                    is_degraded = degraded;
                    pump.hub.publish_degraded(degraded);
                }
            }
            () = pump.hub.wanted() => pending.is_wanted = true,
            _ = tick.tick() => {
                pending.board = true;
                if is_degraded || Instant::now() >= backstop_at {
                    pending.everything = true;
                    backstop_at = Instant::now() + BACKSTOP;
                }
            }
            () = sleep_until(pump.earliest), if !pending.is_empty() => pump.follow(std::mem::take(&mut pending)).await,
        }
    }
}

/// How long hints are gathered for so many listeners.
fn between(listeners: usize) -> Duration {
    let listeners = u32::try_from(listeners).unwrap_or(u32::MAX);
    PER_LISTENER.saturating_mul(listeners).clamp(COALESCE, LONGEST)
}

struct Pump {
    services: Services,
    hub: Hub,
    /// The board as it was read last, for its parts that are not read every time.
    board: Option<Board>,
    summary_at: Option<Instant>,
    /// The newest chunk that was said of each log: lease and number.
    cursors: HashMap<RunId, (i64, i32)>,
    /// The last reading failed.
    has_missed: bool,
    /// Not before this moment is read again.
    earliest: Instant,
}

impl Pump {
    async fn follow(&mut self, mut pending: Pending) {
        let begun = Instant::now();
        pending.everything |= std::mem::take(&mut self.has_missed);
        let topics = self.hub.topics();
        self.cursors.retain(|run, _| topics.contains(&Topic::Log(run.clone())));
        if topics.is_empty() {
            self.board = None;
        } else if let Err(error) = self.read(&topics, pending).await {
            // The next tick reads again what was missed.
            self.has_missed = true;
            tracing::warn!("the live stream could not be read: {}", crate::error::chain(&error));
            self.board = None;
        }
        // Reading takes at most a fifth of the time, however busy the board is.
        let after_reading = begun.elapsed() * 4;
        self.earliest = Instant::now() + after_reading.max(between(self.hub.connection_count()));
    }

    async fn read(&mut self, topics: &HashSet<Topic>, pending: Pending) -> db::Result<()> {
        let mut conn = self.services.pool().acquire().await?;
        if topics.contains(&Topic::Board) {
            self.read_board(&mut conn, &pending).await?;
        }
        for topic in topics {
            match topic {
                Topic::Run(run) if pending.is_changed(run) || !self.hub.has_said(topic) => {
                    if let Some(detail) = runs::read::run(&mut conn, run.as_str()).await? {
                        self.hub.publish_detail(run, detail_view(detail));
                    }
                }
                Topic::Log(run) => self.read_log(&mut conn, run, &pending).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn read_board(&mut self, conn: &mut PgConnection, pending: &Pending) -> db::Result<()> {
        let is_due = self.summary_at.is_none_or(|at| at.elapsed() >= SUMMARY);
        let board = match self.board.take() {
            Some(before) if !is_due => Board {
                lanes: runs::board::lanes(conn).await?,
                ..before
            },
            _ => {
                self.summary_at = Some(Instant::now());
                runs::board::read(conn).await?
            }
        };
        let now = self.services.now().timestamp_millis();
        let left = self.hub.publish_board(board_view(board.clone(), now));
        let shown: HashSet<&str> = board
            .lanes
            .iter()
            .flat_map(|lane| lane.running.iter().chain(&lane.next).chain(&lane.last))
            .map(|run| run.run_id.as_str())
            .collect();
        // Lists show runs that the board does not.
        let mut others: Vec<String> = pending
            .runs
            .iter()
            .map(RunId::to_string)
            .chain(left)
            .filter(|run| !shown.contains(run.as_str()))
            .collect();
        others.sort_unstable();
        others.dedup();
        if !others.is_empty() {
            let rows = reads::runs_by_id(conn, &others)
                .await?
                .into_iter()
                .map(Into::into)
                .collect();
            self.hub.publish(&Topic::Board, &LiveEvent::Run(RunRows { rows }));
        }
        self.board = Some(board);
        Ok(())
    }

    async fn read_log(&mut self, conn: &mut PgConnection, run: &RunId, pending: &Pending) -> db::Result<()> {
        let is_new = !self.cursors.contains_key(run);
        if !(is_new || pending.is_changed(run) || pending.logs.contains(run)) {
            return Ok(());
        }
        let cursor = self.cursors.entry(run.clone()).or_insert((0, 0));
        let mut chunks = if is_new {
            reads::log_tail(conn, run.as_str(), TAIL_LINES).await?
        } else {
            Vec::new()
        };
        loop {
            *cursor = chunks
                .iter()
                .map(|chunk| (chunk.lease_seq, chunk.seq))
                .max()
                .unwrap_or(*cursor)
                .max(*cursor);
            if !chunks.is_empty() {
                self.hub.publish_log(run, chunks.into_iter().map(Into::into).collect());
            }
            // Each call answers with a bounded part.
            chunks = reads::log_after(conn, run.as_str(), cursor.0, cursor.1).await?;
            if chunks.is_empty() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_listeners_hear_at_once_and_thousands_within_a_second() {
        assert_eq!(between(0), COALESCE);
        assert_eq!(between(500), COALESCE);
        assert_eq!(between(2_000), Duration::from_millis(200));
        assert_eq!(between(1_000_000), LONGEST);
    }
}
