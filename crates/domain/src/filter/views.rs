//! The views that every list of runs has.

use super::Filter;

/// A filter with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Word in the address.
    pub word: &'static str,
    /// Name.
    pub title: &'static str,
    /// Its filter.
    pub query: &'static str,
}

/// Views that nobody has to save.
pub const VIEWS: [View; 7] = [
    view("all", "All", ""),
    view("attention", "Needs attention", "status=failed,stuck,canceling>60s"),
    view("running", "Running", "status=running"),
    view("waiting-long", "Queued > 5 min", "status=queued>5m"),
    view("mine", "Mine", "by=me"),
    view("today", "Today", "from=today"),
    view("hour", "Last hour", "from=1h"),
];

const fn view(word: &'static str, title: &'static str, query: &'static str) -> View {
    View { word, title, query }
}

impl View {
    /// What it looks for.
    pub fn filter(self) -> Filter {
        Filter::parse(self.query)
    }
}
