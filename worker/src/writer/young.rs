//! Runs that have just begun to speak. What a run says first waits a moment: when its end follows, and it
//! ends well, all of it leaves at once, which costs the database a fraction.

use super::Item;
use crate::held::Lease;
use db::queue::{FinishedRun, Write, WriteOutcome};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// First words wait no longer for the last.
const LINGER: Duration = Duration::from_millis(10);

/// First words by lease, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Young {
    said: HashMap<i64, Vec<Item>>,
    order: VecDeque<(Instant, i64)>,
}

/// A run that said all it has to say.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) run: FinishedRun,
    pub(super) lease: Arc<Lease>,
    pub(super) answer: Option<oneshot::Sender<WriteOutcome>>,
}

/// Where words of a run go.
#[derive(Debug)]
pub(super) enum Way {
    /// They wait for what follows.
    Wait,
    /// The run has ended, and nothing of it is written yet.
    Finished(Box<Finished>),
    /// Into the next batch, in this order.
    Batch(Vec<Item>),
}

impl Young {
    /// Takes what one run says at once.
    pub(super) fn take(&mut self, items: Vec<Item>) -> Way {
        let Some(lease) = items.first().map(|item| Arc::clone(&item.lease)) else {
            return Way::Batch(items);
        };
        if lease.has_spoken() {
            return Way::Batch(items);
        }
        let ends_well = items.last().is_some_and(|item| is_good_end(&item.write));
        let told = if ends_well {
            &items[..items.len() - 1]
        } else {
            &items[..]
        };
        if told.iter().any(|item| item.answer.is_some() || !can_wait(&item.write)) {
            lease.speak();
            let mut all = self.said.remove(&lease.lease_seq).unwrap_or_default();
            all.extend(items);
            return Way::Batch(all);
        }
        if !ends_well {
            let said = self.said.entry(lease.lease_seq).or_default();
            if said.is_empty() {
                self.order.push_back((Instant::now(), lease.lease_seq));
            }
            said.extend(items);
            return Way::Wait;
        }
        lease.speak();
        let mut all = self.said.remove(&lease.lease_seq).unwrap_or_default();
        all.extend(items);
        Finished::gather(all)
    }

    /// What has waited long enough; everything when `hurry`.
    pub(super) fn grown(&mut self, hurry: bool) -> Vec<Item> {
        let mut grown = Vec::new();
        while let Some((since, lease_seq)) = self.order.front().copied()
            && (hurry || since.elapsed() >= LINGER)
        {
            self.order.pop_front();
            if let Some(items) = self.said.remove(&lease_seq) {
                items[0].lease.speak();
                grown.extend(items);
            }
        }
        grown
    }

    /// How long until something has waited long enough; `None` when nothing waits.
    pub(super) fn next_in(&mut self) -> Option<Duration> {
        while let Some((_, lease_seq)) = self.order.front()
            && !self.said.contains_key(lease_seq)
        {
            self.order.pop_front();
        }
        let (since, _) = self.order.front()?;
        Some(LINGER.saturating_sub(since.elapsed()))
    }
}

impl Finished {
    /// The words of one run as one value; back as they came when a step was left open.
    fn gather(items: Vec<Item>) -> Way {
        if leaves_a_step_open(&items) {
            return Way::Batch(items);
        }
        let (mut events, mut steps) = (Vec::new(), Vec::new());
        let mut last = None;
        for item in items {
            match item.write {
                Write::Events { events: more, .. } => events.extend(more),
                Write::Step { step, .. } => {
                    // The last word about a step counts.
                    steps.retain(|known: &db::queue::NewStep| known.step != step.step);
                    steps.push(step);
                }
                Write::Complete(end) => last = Some((end, item.lease, item.answer)),
                _ => {}
            }
        }
        let (end, lease, answer) = last.expect("only words that close with an end are gathered");
        Way::Finished(Box::new(Self {
            run: FinishedRun { end, events, steps },
            lease,
            answer,
        }))
    }

    /// Tells who waits what became of the run.
    pub(super) fn conclude(self, outcome: WriteOutcome) {
        let Self { run, lease, answer } = self;
        super::answer(
            Item {
                answer,
                ..Item::quiet(Write::Complete(run.end), &lease)
            },
            outcome,
        );
    }

    /// The same as single writes, for when the database refuses them together.
    pub(super) fn into_items(self) -> Vec<Item> {
        let Self { run, lease, answer } = self;
        let FinishedRun { end, events, steps } = run;
        let (run_id, lease_seq) = (end.run_id.clone(), end.lease_seq);
        let mut items: Vec<Item> = steps
            .into_iter()
            .map(|step| Write::Step {
                run_id: run_id.clone(),
                lease_seq,
                step,
            })
            .chain([Write::Events {
                run_id: run_id.clone(),
                lease_seq,
                events,
            }])
            .map(|write| Item::quiet(write, &lease))
            .collect();
        items.push(Item {
            answer,
            ..Item::quiet(Write::Complete(end), &lease)
        });
        items
    }
}

/// The end of a run that needs no second look.
fn is_good_end(write: &Write) -> bool {
    matches!(write, Write::Complete(end) if end.status == "success")
}

/// Whether the last word about some step is that it runs.
fn leaves_a_step_open(items: &[Item]) -> bool {
    let mut ended = Vec::new();
    items.iter().rev().any(|item| match &item.write {
        Write::Step { step, .. } if step.status == "running" => !ended.contains(&&step.step),
        Write::Step { step, .. } => {
            ended.push(&step.step);
            false
        }
        _ => false,
    })
}

/// What may wait a moment for the end of its run.
fn can_wait(write: &Write) -> bool {
    matches!(write, Write::Events { .. } | Write::Step { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::queue::{Completion, NewStep};

    fn step(lease: &Arc<Lease>, status: &str) -> Item {
        let step = NewStep {
            step: "a".to_owned(),
            position: 0,
            title: "A".to_owned(),
            kind: "api".to_owned(),
            status: status.to_owned(),
            try_number: 1,
            started_at: None,
            finished_at: None,
            output: None,
            error: None,
        };
        let write = Write::Step {
            run_id: lease.run_id.clone(),
            lease_seq: lease.lease_seq,
            step,
        };
        Item::quiet(write, lease)
    }

    fn end(lease: &Arc<Lease>, status: &str) -> Item {
        let end = Completion {
            run_id: lease.run_id.clone(),
            lease_seq: lease.lease_seq,
            status: status.to_owned(),
            result: None,
            error: None,
            retryable: false,
        };
        Item::quiet(Write::Complete(end), lease)
    }

    fn lease() -> Arc<Lease> {
        Arc::new(Lease::new("run_1", 7))
    }

    #[test]
    fn a_run_that_ends_well_at_once_leaves_whole_with_one_word_per_step() {
        let (lease, mut young) = (lease(), Young::default());
        assert!(matches!(young.take(vec![step(&lease, "running")]), Way::Wait));
        let way = young.take(vec![step(&lease, "success"), end(&lease, "success")]);
        let Way::Finished(finished) = way else {
            panic!("{way:?}")
        };
        let words: Vec<&str> = finished.run.steps.iter().map(|step| step.status.as_str()).collect();
        assert_eq!(words, ["success"]);
        assert_eq!(young.next_in(), None);
        assert_eq!(finished.into_items().len(), 3);
    }

    #[test]
    fn a_run_that_fails_goes_the_long_way_with_all_it_said() {
        let (lease, mut young) = (lease(), Young::default());
        young.take(vec![step(&lease, "running")]);
        let way = young.take(vec![step(&lease, "failed"), end(&lease, "failed")]);
        let Way::Batch(items) = way else { panic!("{way:?}") };
        assert_eq!(items.len(), 3);
        assert!(lease.has_spoken());
    }

    #[test]
    fn who_has_spoken_goes_the_long_way() {
        let (lease, mut young) = (lease(), Young::default());
        young.take(vec![step(&lease, "running")]);
        assert_eq!(young.grown(true).len(), 1);
        let way = young.take(vec![step(&lease, "success"), end(&lease, "success")]);
        assert!(matches!(way, Way::Batch(items) if items.len() == 2));
    }

    #[test]
    fn a_step_that_was_left_open_is_not_hidden() {
        let (lease, mut young) = (lease(), Young::default());
        let way = young.take(vec![step(&lease, "running"), end(&lease, "success")]);
        assert!(matches!(way, Way::Batch(items) if items.len() == 2));
    }
}
