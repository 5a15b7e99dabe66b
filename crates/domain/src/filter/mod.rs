//! Which runs a list shows, in the words of its address.
//!
//! `status=failed,stuck&lane=A,B&from=24h&q=payload.user.id:7`: every token narrows the list, values between commas
//! widen their token. What is not understood is kept and shown, never dropped. The same words filter the API, the
//! export and bulk operations.

pub mod address;
mod column;
mod moment;
mod search;
mod state;
mod typed;
mod views;

pub use column::Column;
pub use moment::{Moment, Span, Unit};
pub use search::{ParamIs, Search};
pub use state::{State, Wanted};
pub use typed::add_typed;
pub use views::{VIEWS, View};

use crate::RunStatus;
use std::fmt::{self, Display};

/// Keys of tokens, in the order in which they are written.
pub const KEYS: [&str; 16] = [
    "status", "lane", "template", "action", "by", "env", "reason", "from", "to", "dead", "parent", "session", "q",
    "sort", "view", "cols",
];
/// Keys whose values stand between commas.
const LISTS: [&str; 9] = [
    "status", "lane", "template", "action", "by", "user", "env", "reason", "cols",
];
/// Words of the address that are no filter: where in the list one is, and what is being typed.
const OF_THE_PAGE: [&str; 2] = ["after", "add"];

/// Which runs, and how they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// States.
    pub status: Vec<Wanted>,
    /// Lanes.
    pub lane: Vec<String>,
    /// Templates, by slug.
    pub template: Vec<String>,
    /// Actions.
    pub action: Vec<String>,
    /// Who asked: actor or user id, whole; `me` is whoever looks.
    pub by: Vec<String>,
    /// Environments.
    pub env: Vec<String>,
    /// Why they ended so.
    pub reason: Vec<String>,
    /// Made at or after.
    pub from: Option<Moment>,
    /// Made before.
    pub to: Option<Moment>,
    /// Failed for good, and nobody has started them again.
    pub dead: bool,
    /// The run they were started from.
    pub parent: Option<String>,
    /// Conversation they belong to.
    pub session: Option<String>,
    /// Words and parameters; one text at most.
    pub search: Vec<Search>,
    /// A view by its word.
    pub view: Option<String>,
    /// Columns; none chosen: the usual ones.
    pub cols: Vec<Column>,
    /// What was not understood.
    pub problems: Vec<Problem>,
}

/// A token that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// What is wrong with it.
    pub message: String,
}

impl Filter {
    /// Reads a query.
    pub fn parse(query: &str) -> Self {
        Self::of_pairs(address::pairs(query))
    }

    /// Reads pairs of key and value; empty values say nothing.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut filter = Self::default();
        for (key, value) in pairs {
            let trimmed = value.trim();
            if !trimmed.is_empty() && !OF_THE_PAGE.contains(&key.as_str()) {
                filter.take(&key, trimmed);
            }
        }
        filter
    }

    fn take(&mut self, key: &str, value: &str) {
        match key {
            "status" => self.take_states(value),
            "lane" => add(&mut self.lane, value),
            "template" => add(&mut self.template, value),
            "action" => add(&mut self.action, value),
            "by" | "user" => add(&mut self.by, value),
            "env" => add(&mut self.env, value),
            "reason" => add(&mut self.reason, value),
            "from" if self.from.is_none() => self.from = self.moment(key, value),
            "to" if self.to.is_none() => self.to = self.moment(key, value),
            "parent" if self.parent.is_none() => self.parent = Some(value.to_owned()),
            "session" if self.session.is_none() => self.session = Some(value.to_owned()),
            "view" if self.view.is_none() => self.view = Some(value.to_owned()),
            "from" | "to" | "parent" | "session" | "view" => self.refuse(key, value, "This is said twice; remove one."),
            "dead" if value == "true" => self.dead = true,
            "dead" if value == "false" => {}
            "dead" => self.refuse(key, value, "It is true or false."),
            // What can say a key only once says several lines.
            "q" => value
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .for_each(|line| self.take_search(line)),
            // The only order that costs the same in a ledger of any size.
            "sort" if value == "-created" => {}
            "sort" => self.refuse(
                key,
                value,
                "Runs are listed newest first; no other order stays quick among a million runs.",
            ),
            "cols" => self.take_columns(value),
            _ => self.refuse(
                key,
                value,
                format!("There is no filter {key}; remove it or correct its spelling."),
            ),
        }
    }

    fn take_states(&mut self, value: &str) {
        for word in words(value) {
            if word == "active" {
                for status in [RunStatus::Queued, RunStatus::Running, RunStatus::Waiting] {
                    self.want(Wanted {
                        state: State::Is(status),
                        longer_than: None,
                    });
                }
                continue;
            }
            match word.parse::<Wanted>() {
                Ok(wanted) => self.want(wanted),
                Err(error) => self.refuse("status", word, format!("{error}.")),
            }
        }
    }

    fn want(&mut self, wanted: Wanted) {
        if !self.status.contains(&wanted) {
            self.status.push(wanted);
        }
    }

    fn take_search(&mut self, value: &str) {
        let search = Search::read(value);
        let clashes = self.search.iter().any(|known| match (known, &search) {
            (Search::Text(_), Search::Text(_)) => true,
            (Search::Param(known), Search::Param(param)) => {
                known.path.starts_with(&param.path) || param.path.starts_with(&known.path)
            }
            _ => false,
        });
        if clashes {
            self.refuse(
                "q",
                value,
                "Look for one text, and for each parameter once; remove one.",
            );
        } else if self.search.len() == 4 {
            self.refuse("q", value, "Look for four things at most; remove one.");
        } else {
            self.search.push(search);
        }
    }

    fn take_columns(&mut self, value: &str) {
        for word in words(value) {
            match word.parse() {
                Ok(column) if self.cols.contains(&column) => {}
                Ok(column) => self.cols.push(column),
                Err(error) => self.refuse("cols", word, format!("{error}.")),
            }
        }
    }

    fn moment(&mut self, key: &str, value: &str) -> Option<Moment> {
        value
            .parse()
            .map_err(|error| self.refuse(key, value, format!("{error}.")))
            .ok()
    }

    fn refuse(&mut self, key: &str, value: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            key: key.to_owned(),
            value: value.to_owned(),
            message: message.into(),
        });
    }

    /// Its tokens, each once, in the order of [`KEYS`]; then what was not understood.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut put = |key: &str, value: String| {
            if !value.is_empty() {
                pairs.push((key.to_owned(), value));
            }
        };
        put("status", joined(&self.status));
        put("lane", self.lane.join(","));
        put("template", self.template.join(","));
        put("action", self.action.join(","));
        put("by", self.by.join(","));
        put("env", self.env.join(","));
        put("reason", self.reason.join(","));
        put("from", self.from.iter().map(Moment::to_string).collect());
        put("to", self.to.iter().map(Moment::to_string).collect());
        put("dead", if self.dead { "true".to_owned() } else { String::new() });
        put("parent", self.parent.clone().unwrap_or_default());
        put("session", self.session.clone().unwrap_or_default());
        for search in &self.search {
            put("q", search.to_string());
        }
        put("view", self.view.clone().unwrap_or_default());
        put(
            "cols",
            self.cols
                .iter()
                .map(|column| column.as_str())
                .collect::<Vec<_>>()
                .join(","),
        );
        for problem in &self.problems {
            put(&problem.key, problem.value.clone());
        }
        pairs
    }

    /// What it asks of runs, without how they are shown.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self {
            view: None,
            cols: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether it narrows anything.
    pub fn is_narrow(&self) -> bool {
        self.plain() != Self::default()
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&address::query(&self.pairs()))
    }
}

fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn add(list: &mut Vec<String>, value: &str) {
    for word in words(value) {
        if !list.iter().any(|known| known == word) {
            list.push(word.to_owned());
        }
    }
}

fn joined(items: &[impl Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;
