//! `/runs`: every run, newest first.

use crate::api::{RunQuery, list_runs};
use crate::components::late::{loaded, text};
use crate::components::{Ago, Empty, ErrorPanel, PageHead, StatusPill, TabLinks, Took};
use crate::live::hub::watch;
use crate::live::wire::LiveEvent;
use crate::time;
use crate::views::{RunListView, RunView, Sent};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const TABS: [(&str, &str); 5] = [
    ("", "All"),
    ("active", "Active"),
    ("failed", "Failed"),
    ("success", "Succeeded"),
    ("canceled", "Canceled"),
];

/// The page.
#[component]
pub(crate) fn RunListPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| {
        let map = map.read();
        RunQuery {
            status: map.get("status").unwrap_or_default(),
            text: map.get("q").unwrap_or_default(),
            after: map.get("after").unwrap_or_default(),
        }
    });
    let runs = Resource::new(move || query.get(), list_runs);
    let status = Signal::derive(move || query.read().status.clone());
    let tabs = TABS
        .into_iter()
        .map(|(word, label)| (word, label, Signal::stored(None)))
        .collect();
    html! {
        <Title text="Runs" />
        <PageHead title="Runs" live=true />
        <div class="page">
            <div class="row bar">
                <TabLinks label="Status" tabs=tabs current=status href=tab_address />
                <span class="grow"></span>
                <form method="get" action="/runs" class="find" role="search">
                    <input type="hidden" name="status" value=text(move || query.read().status.clone()) />
                    <input
                        type="search"
                        name="q"
                        data-key="filter"
                        aria-label="Find by title or id"
                        placeholder="Title or id"
                        value=text(move || query.read().text.clone())
                    />
                    <button class="btn">"Find"</button>
                </form>
            </div>
            {loaded(move || async move {
                    match runs.await {
                        Ok(Sent(list)) if list.runs.is_empty() && list.older.is_none() => {
                            html! { <Empty title="No run fits." hint="Choose another status, or start a run." /> }
                        }
                        Ok(Sent(list)) => html! { <RunTable list=list query=query.get_untracked() /> },
                        Err(error) => html! { <ErrorPanel error=error /> },
                    }
                })}
        </div>
    }
}

fn tab_address(word: &str) -> String {
    if word.is_empty() {
        "/runs".to_owned()
    } else {
        format!("/runs?status={word}")
    }
}

/// One row per run. Rows change in place; new runs wait for the next look.
#[component]
fn RunTable(
    /// What the server read.
    list: RunListView,
    /// What was asked.
    query: RunQuery,
) -> impl IntoView {
    let runs: Vec<RwSignal<RunView>> = list.runs.into_iter().map(RwSignal::new).collect();
    let known = StoredValue::new(runs.clone());
    Effect::new(move || {
        watch("board".to_owned(), move |event| {
            let LiveEvent::Run(changed) = event else { return };
            known.with_value(|known| {
                for run in &changed.rows {
                    if let Some(row) = known.iter().find(|row| {
                        let row = row.read_untracked();
                        row.id == run.id && row.version < run.version
                    }) {
                        row.set(run.clone());
                    }
                }
            });
        });
    });
    let older = list.older.map(|after| older_address(&query, &after));
    let is_first = query.after.is_empty();
    let looked_back_to = list.looked_back_to;
    let next = if looked_back_to.is_some() {
        "Look further"
    } else {
        "Older"
    };
    html! {
        <div class="card table-frame" role="region" aria-label="Runs" tabindex="0">
            <table class="runs">
                <thead>
                    <tr>
                        <th scope="col">"Run"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Lane"</th>
                        <th scope="col">"Asked by"</th>
                        <th scope="col">"Made"</th>
                        <th scope="col" class="r">"Took"</th>
                    </tr>
                </thead>
                <tbody>{runs.into_iter().map(|run| html! { <RunRow run=run /> }).collect_view()}</tbody>
            </table>
        </div>
        <nav class="row pager" aria-label="Pages">
            {(!is_first).then(|| html! { <a class="btn" href=tab_address(&query.status)>"Newest"</a> })}
            <span class="grow"></span>
            {looked_back_to
                .map(|at| html! { <span class="note" role="status">"Looked back to " <time datetime=time::iso(at)>{time::stamp(at)}</time> "; older runs may fit."</span> })}
            {older.map(|href| html! { <a class="btn" href=href rel="next">{next}</a> })}
        </nav>
    }
}

fn older_address(query: &RunQuery, after: &str) -> String {
    let text = leptos_router::location::Url::escape(&query.text);
    format!("/runs?status={}&q={text}&after={after}", query.status)
}

/// One run.
#[component]
fn RunRow(
    /// The run.
    run: RwSignal<RunView>,
) -> impl IntoView {
    let fixed = run.get_untracked();
    html! {
        <tr class="run-row">
            <th scope="row">
                <a class="row-link cut" href=format!("/runs/{}", fixed.id) title=fixed.title.clone()>{fixed.title.clone()}</a>
                <code>{fixed.id}</code>
            </th>
            <td><StatusPill run=run /></td>
            <td>{fixed.lane}</td>
            <td class="cut" title=fixed.requested_by.clone()>{fixed.requested_by.clone()}</td>
            <td><Ago at=fixed.created_at /></td>
            <td class="r">
                <Took
                    from=Signal::derive(move || run.read().started_at)
                    to=Signal::derive(move || run.read().finished_at)
                />
            </td>
        </tr>
    }
}
