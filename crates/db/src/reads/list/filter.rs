//! Which runs a list shows.

use chrono::{DateTime, Utc};
use domain::{
    RunStatus,
    filter::{State, Wanted},
};
use serde_json::Value;

/// Which runs a list shows; what is `None` or empty does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Words of `domain::RunStatus`.
    pub status: Option<Vec<String>>,
    /// States that the tables of the queue know, besides `status`: stuck, or queued for so long.
    pub states: Vec<Wanted>,
    /// Lanes.
    pub lane: Vec<String>,
    /// Templates, by slug.
    pub template: Vec<String>,
    /// Actions.
    pub action: Vec<String>,
    /// Part of the title, the id or who asked; what begins as ids do, only the beginning of an id.
    pub text: Option<String>,
    /// Documents of which the parameters contain one.
    pub params: Vec<Value>,
    /// Made at or after.
    pub from: Option<DateTime<Utc>>,
    /// Made before.
    pub to: Option<DateTime<Utc>>,
    /// Environments.
    pub env: Vec<String>,
    /// Who asked: actors or user ids, whole.
    pub user: Vec<String>,
    /// Why it ended so.
    pub reason: Option<Vec<String>>,
    /// Failed for good, and nobody has started it again.
    pub dead: bool,
    /// The run it was started from.
    pub parent: Option<String>,
    /// Conversation.
    pub session: Option<String>,
}

pub(super) const OPEN: &[&str] = &["queued", "running", "waiting"];
pub(super) const ENDED: &[&str] = &["success", "failed", "canceled"];
pub(super) const BAD: &[&str] = &["failed", "canceled"];

impl RunFilter {
    /// Stored statuses of the runs it can name; `None`: all.
    pub(super) fn statuses(&self) -> Option<Vec<&str>> {
        let mut words: Vec<&str> = match &self.status {
            Some(status) => status.iter().map(String::as_str).collect(),
            None if self.states.is_empty() => return None,
            None => Vec::new(),
        };
        for wanted in &self.states {
            let word = wanted.state.status().as_str();
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Some(words)
    }

    /// Tables of the queue in which its open runs stand.
    pub(super) fn tables(&self) -> Vec<&'static str> {
        let is_whole = |word: &str| self.status.iter().flatten().any(|status| status == word);
        let is_wanted = |states: &[State]| self.states.iter().any(|wanted| states.contains(&wanted.state));
        let queued = State::Is(RunStatus::Queued);
        let running = State::Is(RunStatus::Running);
        let tables = [
            ("queue", is_whole("queued") || is_wanted(&[queued])),
            (
                "deferred",
                is_whole("queued") || is_wanted(&[State::Scheduled, State::Retrying]),
            ),
            (
                "leases",
                is_whole("running") || is_wanted(&[running, State::Canceling, State::Stuck]),
            ),
            (
                "waits",
                is_whole("waiting") || is_wanted(&[State::Is(RunStatus::Waiting)]),
            ),
        ];
        tables
            .into_iter()
            .filter_map(|(table, is_read)| is_read.then_some(table))
            .collect()
    }

    /// For how many seconds each derived state must have lasted, in the order of `filter.sql`; `None` where it is
    /// not wanted.
    pub(super) fn lasting(&self) -> [Option<f64>; 7] {
        [
            State::Is(RunStatus::Queued),
            State::Scheduled,
            State::Retrying,
            State::Is(RunStatus::Running),
            State::Canceling,
            State::Stuck,
            State::Is(RunStatus::Waiting),
        ]
        .map(|state| {
            let spans = self.states.iter().filter(|wanted| wanted.state == state);
            spans
                .map(|wanted| wanted.longer_than.map_or(0, domain::filter::Span::seconds))
                .min()
                .map(f64::from)
        })
    }

    pub(super) fn only_statuses(&self, words: &[&str]) -> bool {
        self.statuses()
            .is_some_and(|status| status.iter().all(|word| words.contains(word)))
    }

    /// Whether it names only runs that have a reason.
    pub(super) fn ended_badly(&self) -> bool {
        self.dead || self.reason.is_some() || self.only_statuses(BAD)
    }

    /// A text that begins as ids do, with the day, names ids and nothing else.
    pub(super) fn id_prefix(&self) -> Option<&str> {
        let text = self.text.as_deref()?;
        let day = text.strip_prefix("run_")?.get(..8)?;
        day.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
    }
}
