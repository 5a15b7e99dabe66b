//! The filter: one field in which words are typed, and a chip for each that counts.

use super::Asked;
use crate::components::Icon;
use domain::filter::{Filter, State};
use leptos::prelude::*;

/// Spans that are offered.
const SPANS: [&str; 5] = ["1h", "24h", "7d", "30d", "today"];
/// Reasons that are offered.
const REASONS: [&str; 6] = [
    "step_failed",
    "timeout",
    "worker_lost",
    "attempts_exhausted",
    "invalid_input",
    "rejected",
];

/// Names that can be typed.
pub(super) struct Words {
    lanes: Vec<String>,
    templates: Vec<String>,
}

impl Words {
    /// Reads the names.
    pub(super) async fn read(conn: &mut db::PgConnection) -> db::Result<Self> {
        let lanes = runs::read::lanes(conn).await?;
        let templates = runs::read::templates(conn).await?;
        Ok(Self {
            lanes: lanes.into_iter().map(|lane| lane.name).collect(),
            templates: templates.into_iter().map(|template| template.slug).collect(),
        })
    }

    fn suggestions(&self) -> Vec<String> {
        let of = |key: &str, values: &mut dyn Iterator<Item = String>| -> Vec<String> {
            values.map(|value| format!("{key}:{value}")).collect()
        };
        let actions = runs::actions::registry();
        [
            of("status", &mut State::ALL.iter().map(|state| state.as_str().to_owned())),
            vec!["status:queued>5m".to_owned()],
            of("lane", &mut self.lanes.iter().cloned()),
            of("template", &mut self.templates.iter().cloned()),
            of("action", &mut actions.iter().map(|action| action.name.to_owned())),
            of("from", &mut SPANS.iter().map(ToString::to_string)),
            of("to", &mut SPANS.iter().take(4).map(ToString::to_string)),
            of("reason", &mut REASONS.iter().map(ToString::to_string)),
            vec!["by:me".to_owned(), "dead:true".to_owned()],
        ]
        .concat()
    }
}

/// The field and the chips.
pub(super) fn bar(asked: &Asked, words: &Words) -> AnyView {
    let kept = asked
        .filter
        .pairs()
        .into_iter()
        .map(|(key, value)| html! { <input type="hidden" name=key value=value /> })
        .collect_view();
    let suggestions = words
        .suggestions()
        .into_iter()
        .map(|word| html! { <option value=word></option> })
        .collect_view();
    html! {
        <form method="get" action="/runs" class="filter" role="search" aria-label="Runs" data-plain="">
            {kept}
            {chips(&asked.filter, |token| Some(asked.address_without(token)))}
            <input
                type="text"
                id="filter-words"
                name="add"
                data-key="filter"
                list="filter-suggestions"
                aria-label="Filter: key:value, a parameter such as payload.user.id:7, or words of title, id or requester"
                placeholder="status:failed  lane:A  from:24h  words…"
                autocomplete="off"
                spellcheck="false"
            />
            <button class="btn">"Filter"</button>
            <datalist id="filter-suggestions">{suggestions}</datalist>
        </form>
        {problems(&asked.filter)}
    }
}

/// A chip for each token; `remove` makes the address without it.
pub(crate) fn chips(filter: &Filter, remove: impl Fn(usize) -> Option<String>) -> AnyView {
    let pairs = filter.pairs();
    let first_problem = pairs.len() - filter.problems.len();
    let chips = pairs
        .into_iter()
        .enumerate()
        .map(|(at, (key, value))| {
            let is_problem = at >= first_problem;
            let value = value.replace(',', ", ");
            let remove = remove(at).map(|href| {
                html! {
                    <a href=href aria-label=format!("Remove {key} {value}") title="Remove">
                        <Icon name="cross" />
                    </a>
                }
            });
            html! {
                <li class="token" class:bad=is_problem>
                    {is_problem.then(|| html! { <Icon name="warn" /> })}
                    <b>{key}</b>
                    <span class="cut" title=value.clone()>{value.clone()}</span>
                    {remove}
                </li>
            }
        })
        .collect::<Vec<_>>();
    if chips.is_empty() {
        return ().into_any();
    }
    html! { <ul class="tokens" aria-label="Filter">{chips}</ul> }
}

fn problems(filter: &Filter) -> AnyView {
    let sentences = filter
        .problems
        .iter()
        .map(|problem| {
            html! {
                <li>
                    <code>{problem.key.clone()} "=" {problem.value.clone()}</code>
                    " does not count. "
                    {problem.message.clone()}
                </li>
            }
        })
        .collect::<Vec<_>>();
    if sentences.is_empty() {
        return ().into_any();
    }
    html! { <div role="alert"><ul class="filter-problems">{sentences}</ul></div> }
}
