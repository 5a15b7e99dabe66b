//! What the address asks of the list.

use crate::served::Ask;
use db::reads::RunFilter;
use db::views::ViewRow;
use domain::filter::{Column, Filter, Problem, VIEWS, add_typed, address};

/// The filter and what was typed, read.
pub(crate) struct Asked {
    /// The filter.
    pub(crate) filter: Filter,
    /// The question itself says something that its tidy form does not.
    was_typed: bool,
}

impl Asked {
    /// Reads the question; a view stands for its words.
    pub(super) fn of(ask: &Ask, saved: &[ViewRow]) -> Self {
        let is_asked = |key: &str| !OF_ASKING.contains(&key) && !key.starts_with("__");
        let said: Vec<_> = ask.pairs().iter().filter(|(key, _)| is_asked(key)).cloned().collect();
        let mut query = address::query(&said);
        let typed = ask.query("add");
        if let Some(typed) = typed {
            query = add_typed(&query, typed);
        }
        let filter = Filter::parse(&query);
        Self {
            filter: opened(filter, saved),
            was_typed: typed.is_some(),
        }
    }

    /// Without any script the browser goes to the tidy address itself.
    pub(super) fn tidy_address(&self) {
        if self.was_typed && Ask::is_document() {
            leptos_axum::redirect(&self.address());
        }
    }

    /// The address of the list with this filter.
    pub(crate) fn address(&self) -> String {
        address_of(&self.filter)
    }

    /// The address of the page after a place.
    pub(super) fn address_after(&self, place: &str) -> String {
        let mut pairs = self.filter.pairs();
        pairs.push(("after".to_owned(), place.to_owned()));
        format!("/runs?{}", address::query(&pairs))
    }

    /// The address without one of its tokens.
    pub(super) fn address_without(&self, token: usize) -> String {
        let mut pairs = self.filter.pairs();
        pairs.remove(token);
        address_of_query(&address::query(&pairs))
    }

    /// The address of an export of what is listed.
    pub(super) fn export_address(&self, format: &str) -> String {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (key, value) in self.filter.plain().pairs() {
            // The API says each key once; several lines are several things to look for.
            match pairs.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = format!("{known}\n{value}"),
                None => pairs.push((key, value)),
            }
        }
        pairs.push(("format".to_owned(), format.to_owned()));
        format!("/api/runs/export?{}", address::query(&pairs))
    }

    /// The runs it names now.
    pub(super) fn resolved(&self, ask: &Ask) -> RunFilter {
        runs::filter::resolve(&self.filter, ask.services.now(), &ask.claims)
    }

    /// The columns to show.
    pub(super) fn columns(&self) -> &[Column] {
        if self.filter.cols.is_empty() {
            Column::USUAL
        } else {
            &self.filter.cols
        }
    }
}

/// What the news of a list are asked with, besides the filter.
const OF_ASKING: [&str; 2] = ["since", "run"];

/// The address of the list with a filter.
pub(super) fn address_of(filter: &Filter) -> String {
    address_of_query(&filter.to_string())
}

fn address_of_query(query: &str) -> String {
    if query.is_empty() {
        "/runs".to_owned()
    } else {
        format!("/runs?{query}")
    }
}

/// A view in the address is replaced by what it stands for.
fn opened(mut filter: Filter, saved: &[ViewRow]) -> Filter {
    let Some(word) = filter.view.take() else {
        return filter;
    };
    let built_in = VIEWS.iter().find(|view| view.word == word).map(|view| view.query);
    let named = || {
        saved
            .iter()
            .find(|view| view.name == word || view.view_id.to_string() == word)
    };
    if let Some(query) = built_in.or_else(|| named().map(|view| view.query.as_str())) {
        Filter::of_pairs(address::pairs(query).into_iter().chain(filter.pairs()))
    } else {
        filter.problems.push(Problem {
            key: "view".to_owned(),
            value: word,
            message: "There is no such view, or it is somebody else's.".to_owned(),
        });
        filter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_stands_for_its_words() {
        let filter = opened(Filter::parse("view=attention&lane=A&cols=id"), &[]);
        assert_eq!(filter.to_string(), "status=failed,stuck,canceling%3E60s&lane=A&cols=id");
        let unknown = opened(Filter::parse("view=nothing"), &[]);
        assert_eq!(
            (unknown.problems.len(), unknown.to_string()),
            (1, "view=nothing".to_owned())
        );
    }

    #[test]
    fn what_is_looked_for_twice_is_exported_in_lines() {
        let asked = Asked {
            filter: Filter::parse("q=a.b:1&q=words&cols=id"),
            was_typed: false,
        };
        assert_eq!(
            asked.export_address("csv"),
            "/api/runs/export?q=a.b:1%0Awords&format=csv"
        );
    }
}
