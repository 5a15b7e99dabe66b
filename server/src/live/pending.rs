//! Hints that wait to be followed, each thing once.

use db::listener::{Hint, Names, Signal};
use domain::RunId;
use std::collections::HashSet;

/// What should be read again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pending {
    /// Runs that changed.
    pub(super) runs: HashSet<RunId>,
    /// Runs that printed.
    pub(super) logs: HashSet<RunId>,
    /// More changed than a hint can name.
    pub(super) everything: bool,
    /// Something on the board changed.
    pub(super) board: bool,
    /// Somebody listens to something new.
    pub(super) is_wanted: bool,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn is_changed(&self, run: &RunId) -> bool {
        self.everything || self.runs.contains(run)
    }
}

impl Pending {
    /// Takes a signal in; answers whether the line to Postgres is lost (`true`) or back (`false`), if the
    /// signal says so.
    pub(super) fn hear(&mut self, signal: Signal) -> Option<bool> {
        match signal {
            Signal::Degraded => return Some(true),
            Signal::Resync => {
                self.everything = true;
                return Some(false);
            }
            Signal::Hint(hint) => self.follow(hint),
        }
        None
    }

    fn follow(&mut self, hint: Hint) {
        self.board = true;
        match hint {
            Hint::Enqueued { runs, .. } | Hint::Cancel { runs } => self.add_runs(runs),
            Hint::Changed { runs, logs } => {
                self.add_runs(runs);
                match logs {
                    Names::These(names) => self.logs.extend(ids(names)),
                    Names::Many => self.everything = true,
                }
            }
            Hint::Lane { .. } | Hint::Worker => {}
        }
    }

    fn add_runs(&mut self, names: Names) {
        match names {
            Names::These(names) => self.runs.extend(ids(names)),
            Names::Many => self.everything = true,
        }
    }
}

fn ids(names: Vec<String>) -> impl Iterator<Item = RunId> {
    names.into_iter().filter_map(|name| name.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "run_20260114_093012_k3v7q2xw";

    #[test]
    fn hints_about_one_run_become_one_reading() {
        let mut pending = Pending::default();
        for _ in 0..3 {
            let names = Names::These(vec![RUN.to_owned()]);
            assert_eq!(pending.hear(Signal::Hint(Hint::Cancel { runs: names })), None);
        }
        assert_eq!(pending.runs, HashSet::from([RUN.parse().unwrap()]));
        assert!(!pending.everything);
    }

    #[test]
    fn a_hint_too_large_to_name_its_runs_means_all() {
        let mut pending = Pending::default();
        pending.hear(Signal::Hint(Hint::Changed {
            runs: Names::Many,
            logs: Names::These(Vec::new()),
        }));
        assert!(pending.everything);
    }

    #[test]
    fn coming_back_means_to_read_everything() {
        let mut pending = Pending::default();
        assert_eq!(pending.hear(Signal::Degraded), Some(true));
        assert!(pending.is_empty());
        assert_eq!(pending.hear(Signal::Resync), Some(false));
        assert!(pending.everything);
    }
}
