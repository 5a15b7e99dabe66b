//! Counts what a worker handles, and says it.

use crate::{Options, say};
use serde_json::json;
use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// What was handled so far.
#[derive(Debug)]
pub(crate) struct Tally {
    expect: usize,
    talks: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    seen: HashSet<String>,
    doubled: usize,
    lags: Vec<f64>,
}

impl Tally {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            expect: options.expect,
            talks: options.say,
            state: Mutex::default(),
        }
    }

    /// A run begins: `n` and `t` are what its enqueuer said about it.
    pub(crate) fn begin(&self, run_id: &str, n: u64, t: f64) {
        let at = epoch();
        if self.talks {
            say("start", &json!({"n": n, "at": at}));
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if t > 0.0 {
            state.lags.push((at - t) * 1000.0);
        }
        if state.seen.is_empty() {
            say("first", &json!({"at": at}));
        }
        if !state.seen.insert(run_id.to_owned()) {
            state.doubled += 1;
        } else if state.seen.len() == self.expect {
            say("handled", &json!({"at": at, "doubled": state.doubled}));
        }
    }

    /// A run that held its worker has ended.
    pub(crate) fn end(&self, n: u64) {
        if self.talks {
            say("end", &json!({"n": n, "at": epoch()}));
        }
    }

    /// Says what began since it was last asked.
    pub(crate) fn second(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lags = std::mem::take(&mut state.lags);
        if lags.is_empty() {
            return;
        }
        lags.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| lags[((lags.len() - 1) as f64 * share) as usize];
        say(
            "second",
            &json!({"at": epoch(), "count": lags.len(), "p50": at(0.5), "p99": at(0.99), "doubled": state.doubled}),
        );
    }
}

/// Seconds since the epoch, as all adapters on the machine count them.
pub(crate) fn epoch() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}
