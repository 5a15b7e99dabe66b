//! The reckoning after a scenario: the ledger, the intervals of all attempts, and the traces that steps
//! left must tell the same story.

use crate::{site::Site, watch::Seen};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::SystemTime,
};

/// The outcome of a scenario in one line.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its name.
    pub scenario: String,
    /// Runs that were enqueued.
    pub runs: usize,
    /// Runs that are neither final nor to be found.
    pub lost: i64,
    /// Runs that were completed more than once.
    pub completed_twice: i64,
    /// Longest time from a fault to the moment when what it hit went on.
    pub recovered_in_s: Option<f64>,
    /// Runs by outcome.
    pub outcomes: String,
    /// Attempts that ended because their worker vanished.
    pub lost_attempts: i64,
    /// How often the watch looked.
    pub looks: usize,
    /// Everything that was found wrong.
    pub wrong: Vec<String>,
}

impl Report {
    /// Nothing lost, nothing done twice, nothing wrong at any moment.
    ///
    /// # Panics
    /// When it is not so.
    pub fn assert_sound(&self) {
        assert!(
            self.lost == 0 && self.completed_twice == 0 && self.wrong.is_empty(),
            "{self}\n{}",
            self.wrong.join("\n")
        );
        assert!(self.looks > 0, "{self}: nobody looked");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: runs={}, lost={}, completed_twice={}, recovered_in_s={}, outcomes={}, lost_attempts={}, looks={}, wrong={}",
            self.scenario,
            self.runs,
            self.lost,
            self.completed_twice,
            self.recovered_in_s
                .map_or("-".to_owned(), |seconds| format!("{seconds:.1}")),
            self.outcomes,
            self.lost_attempts,
            self.looks,
            self.wrong.len()
        )
    }
}

#[derive(FromRow)]
struct Ledger {
    known: i64,
    open: i64,
    completed_twice: i64,
    outcomes: String,
    lost_attempts: i64,
    recovered_in_s: Option<f64>,
    wrong: String,
}

pub(crate) async fn audit(site: &Site, scenario: &str, runs: usize, seen: Seen, faults: &[SystemTime]) -> Report {
    let faults: Vec<DateTime<Utc>> = faults.iter().map(|at| DateTime::from(*at)).collect();
    let ledger: Ledger = sqlx::query_as(include_str!("audit.sql"))
        .bind(faults)
        .fetch_one(site.db.pool())
        .await
        .expect("the ledger can be read");
    let mut wrong = seen.wrong;
    wrong.extend([ledger.wrong, testkit::broken(site.db.pool()).await, traces(site).await]);
    wrong.retain(|text| !text.is_empty());
    let missing = i64::try_from(runs).expect("a count of runs") - ledger.known;
    Report {
        scenario: scenario.to_owned(),
        runs,
        lost: ledger.open + missing.abs(),
        completed_twice: ledger.completed_twice,
        recovered_in_s: ledger.recovered_in_s,
        outcomes: ledger.outcomes,
        lost_attempts: ledger.lost_attempts,
        looks: seen.looks,
        wrong,
    }
}

/// Every success of `work` was worked on under the lease that completed it, and no lease began it twice.
async fn traces(site: &Site) -> String {
    let text = std::fs::read_to_string(site.trace_file()).unwrap_or_default();
    let mut begun: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines() {
        *begun.entry(line).or_default() += 1;
    }
    let mut wrong: Vec<String> = begun
        .iter()
        .filter(|(_, times)| **times > 1)
        .map(|(line, times)| format!("{line} was begun {times} times"))
        .collect();
    let succeeded: BTreeSet<String> = sqlx::query_scalar(
        "select a.run_id || ' ' || a.lease_seq from public.run_attempts as a
         join public.runs as r on r.run_id = a.run_id
         where a.outcome = 'success' and r.template_slug = 'work'",
    )
    .fetch_all(site.db.pool())
    .await
    .expect("the attempts can be read")
    .into_iter()
    .collect();
    wrong.extend(
        succeeded
            .iter()
            .filter(|line| !begun.contains_key(line.as_str()))
            .map(|line| format!("{line} succeeded and was never worked on")),
    );
    wrong.truncate(10);
    wrong.join("; ")
}
