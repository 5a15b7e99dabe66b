//! Why work waits that nobody will begin: no worker lives, or none of those that live serves the lane.

use crate::views::{LaneView, StripView, WorkerView};

/// A run that waits no longer than this may only be a moment ahead of its worker.
const PATIENCE_MS: i64 = 10_000;

/// What stands still, and the likely cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stall {
    /// What stands still.
    pub(crate) what: String,
    /// The likely cause.
    pub(crate) cause: String,
    /// The command that helps.
    pub(crate) command: String,
}

/// No worker lives, and work waits.
pub(crate) fn everywhere(strip: &StripView, workers: &[WorkerView]) -> Option<Stall> {
    (strip.queued > 0 && strip.workers_fresh == 0).then(|| Stall {
        what: format!("Stalled: {} waiting and no worker alive.", strip.queued),
        cause: cause(
            workers.iter(),
            "No worker has given a sign of life in the last 24 hours.",
        ),
        command: "runboard-worker".to_owned(),
    })
}

/// Work waits in `lane`, and no worker that lives at `now` serves it. A paused lane waits on purpose.
pub(crate) fn in_lane(lane: &LaneView, workers: &[WorkerView], now: i64) -> Option<Stall> {
    let since = lane.oldest_queued_at?;
    let serves = |worker: &&WorkerView| worker.lanes.contains(&lane.name);
    if lane.queued == 0
        || lane.paused_at.is_some()
        || now - since < PATIENCE_MS
        || workers.iter().filter(serves).any(|worker| takes_work(worker, now))
    {
        return None;
    }
    Some(Stall {
        what: format!(
            "Lane {} is stalled: {} waiting and no worker serves it.",
            lane.name, lane.queued
        ),
        cause: cause(
            workers.iter().filter(serves),
            "No worker of the last 24 hours served it.",
        ),
        command: format!("runboard-worker --lanes {}", lane.name),
    })
}

fn takes_work(worker: &WorkerView, now: i64) -> bool {
    worker.stopped_at.is_none() && worker.draining_at.is_none() && worker.expires_at > now
}

/// What became of the worker that was heard last.
fn cause<'a>(workers: impl Iterator<Item = &'a WorkerView>, nobody: &str) -> String {
    match workers.max_by_key(|worker| worker.heartbeat_at) {
        None => nobody.to_owned(),
        Some(worker) if worker.stopped_at.is_some() => format!("{} was stopped.", worker.name),
        Some(worker) if worker.draining_at.is_some() => {
            format!("{} was drained and takes no more runs.", worker.name)
        }
        Some(worker) => format!(
            "{} on {} fell silent without stopping in order.",
            worker.name, worker.host
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::LaneOrder;

    const NOW: i64 = 100_000;

    fn lane(queued: i64) -> LaneView {
        LaneView {
            name: "D".to_owned(),
            title: String::new(),
            purpose: String::new(),
            max_running: None,
            paused_at: None,
            paused_by: None,
            pause_reason: None,
            running: 0,
            queued,
            deferred: 0,
            oldest_queued_at: (queued > 0).then_some(0),
            order: LaneOrder::default(),
        }
    }

    fn worker(name: &str, lanes: &[&str]) -> WorkerView {
        WorkerView {
            id: name.to_owned(),
            name: name.to_owned(),
            host: "desk".to_owned(),
            pid: 1,
            version: String::new(),
            lanes: lanes.iter().map(ToString::to_string).collect(),
            kinds: Vec::new(),
            slots: 1,
            running: 0,
            started_at: 0,
            heartbeat_at: NOW,
            expires_at: NOW + 15_000,
            draining_at: None,
            stopped_at: None,
            last_claim_at: None,
        }
    }

    #[test]
    fn a_lane_that_nobody_serves_is_stalled_although_others_live() {
        let stall = in_lane(&lane(3), &[worker("day", &["A"])], NOW).unwrap();
        assert_eq!(stall.what, "Lane D is stalled: 3 waiting and no worker serves it.");
        assert_eq!(stall.cause, "No worker of the last 24 hours served it.");
        assert_eq!(stall.command, "runboard-worker --lanes D");
    }

    #[test]
    fn the_cause_is_what_became_of_the_worker_heard_last() {
        let stopped = WorkerView {
            stopped_at: Some(NOW),
            ..worker("night", &["D"])
        };
        let long_silent = WorkerView {
            heartbeat_at: 0,
            expires_at: 1,
            ..worker("old", &["D"])
        };
        let drained = WorkerView {
            draining_at: Some(NOW),
            heartbeat_at: NOW + 1,
            ..worker("eve", &["D"])
        };
        let cause = |workers: &[WorkerView]| in_lane(&lane(1), workers, NOW).unwrap().cause;
        assert_eq!(
            cause(std::slice::from_ref(&long_silent)),
            "old on desk fell silent without stopping in order."
        );
        assert_eq!(cause(&[long_silent.clone(), stopped.clone()]), "night was stopped.");
        assert_eq!(
            cause(&[long_silent, stopped, drained]),
            "eve was drained and takes no more runs."
        );
    }

    #[test]
    fn a_lane_is_not_stalled_while_it_is_served_paused_empty_or_only_just_waiting() {
        let nobody = [worker("day", &["A"])];
        assert_eq!(in_lane(&lane(1), &[worker("night", &["D"])], NOW), None);
        assert_eq!(in_lane(&lane(0), &nobody, NOW), None);
        assert_eq!(in_lane(&lane(1), &nobody, PATIENCE_MS - 1), None);
        let paused = LaneView {
            paused_at: Some(0),
            ..lane(1)
        };
        assert_eq!(in_lane(&paused, &nobody, NOW), None);
    }

    #[test]
    fn everything_is_stalled_when_no_worker_lives() {
        let strip = StripView {
            queued: 2,
            ..StripView::default()
        };
        let stall = everywhere(&strip, &[]).unwrap();
        assert_eq!(stall.what, "Stalled: 2 waiting and no worker alive.");
        assert_eq!(stall.cause, "No worker has given a sign of life in the last 24 hours.");
        let alive = StripView {
            workers_fresh: 1,
            ..strip
        };
        assert_eq!(everywhere(&alive, &[]), None);
    }
}
