//! The tabs of a run.

use crate::api::read_artifact;
use crate::components::late::{flag, piece};
use crate::components::{ArtifactList, Empty, ErrorPanel, EventList, Icon, LogView, Stamp, TabLinks, Took, Waterfall};
use crate::live::run::RunStore;
use crate::views::Sent;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Tabs in the address, the chosen one below.
#[component]
pub(crate) fn RunTabs(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let query = use_query_map();
    let tab = Memo::new(move |_| {
        query
            .with(|query| query.get("tab"))
            .unwrap_or_else(|| "logs".to_owned())
    });
    let detail = store.detail;
    let count = move |pick: fn(&crate::views::DetailView) -> usize| Signal::derive(move || Some(detail.with(pick)));
    let none = Signal::stored(None);
    let tabs = vec![
        ("logs", "Logs", none),
        ("steps", "Steps", count(|detail| detail.run.steps_total.max(0) as usize)),
        ("events", "Events", count(|detail| detail.events.len())),
        ("artifacts", "Artifacts", count(|detail| detail.artifacts.len())),
        ("params", "Params", none),
        ("result", "Result", none),
        ("attempts", "Attempts", count(|detail| detail.attempts.len())),
    ];
    view! {
        <TabLinks label="Parts of the run" tabs=tabs current=tab href=|word| format!("?tab={word}") />
        {piece(move || match tab.get().as_str() {
            "steps" => view! { <Steps store=store /> }.into_any(),
            "events" => {
                view! { <section class="card pane"><EventList events=Signal::derive(move || detail.with(|detail| detail.events.clone())) /></section> }
                    .into_any()
            }
            "artifacts" => view! { <Artifacts store=store /> }.into_any(),
            "params" => view! { <Params store=store /> }.into_any(),
            "result" => view! { <Outcome store=store /> }.into_any(),
            "attempts" => view! { <Attempts store=store /> }.into_any(),
            _ => view! { <Logs store=store /> }.into_any(),
        })}
    }
    .into_any()
}

/// The log with its tools.
#[component]
fn Logs(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let id = store.run.with_untracked(|run| run.id.clone());
    let line = use_query_map().with_untracked(|query| query.get("line").and_then(|line| line.parse().ok()));
    let only = RwSignal::new(String::new());
    let times = RwSignal::new(true);
    let log = store.log;
    let steps = Memo::new(move |_| {
        store.detail.with(|detail| {
            let mut steps: Vec<(String, String)> = Vec::new();
            for step in &detail.steps {
                if !steps.iter().any(|(known, _)| *known == step.step) {
                    steps.push((step.step.clone(), step.title.clone()));
                }
            }
            steps
        })
    });
    view! {
        <section class="card logs" aria-label="Log">
            <div class="row bar log-tools">
                <label class="inline">
                    <span>"Step"</span>
                    <select on:change=move |event| only.set(event_target_value(&event))>
                        <option value="">"All"</option>
                        {piece(move || {
                            steps.get().into_iter().map(|(step, title)| view! { <option value=step>{title}</option> }).collect_view()
                        })}
                    </select>
                </label>
                <label class="check">
                    <input type="checkbox" checked=true prop:checked=flag(move || times.get()) on:change=move |event| times.set(event_target_checked(&event)) />
                    "Times"
                </label>
                <label class="check">
                    <input
                        type="checkbox"
                        checked=log.follow.get_untracked()
                        prop:checked=flag(move || log.follow.get())
                        on:change=move |event| if event_target_checked(&event) { log.jump_to_newest() } else { log.follow.set(false) }
                    />
                    "Follow"
                </label>
                <span class="grow"></span>
                <a class="btn sm" href=format!("/api/runs/{id}/logs.txt") rel="external" download=format!("{id}.log")>
                    <Icon name="download" />
                    "Download"
                </a>
            </div>
            <LogView log=log link="?tab=logs&line=".to_owned() only=only times=times line=line />
        </section>
    }
    .into_any()
}

/// The waterfall over all attempts.
#[component]
fn Steps(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let plan = store.page.with_value(|page| page.plan.clone());
    view! {
        <section class="card pane">
            <Waterfall detail=store.detail plan=plan />
        </section>
    }
    .into_any()
}

/// What it left behind, one of them opened.
#[component]
fn Artifacts(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let query = use_query_map();
    let opened = Memo::new(move |_| query.with(|query| query.get("artifact")));
    let text = Resource::new(
        move || opened.get(),
        |id| async move {
            match id {
                Some(id) => read_artifact(id).await,
                None => Ok(None),
            }
        },
    );
    let artifacts = Signal::derive(move || store.detail.with(|detail| detail.artifacts.clone()));
    view! {
        <section class="card pane">
            <Show
                when=move || artifacts.with(|artifacts| !artifacts.is_empty())
                fallback=|| view! { <Empty title="Nothing was left behind." hint="A step leaves an artifact by writing into its artifacts folder." /> }
            >
                <ArtifactList artifacts=artifacts />
            </Show>
        </section>
        <Transition>
            {move || Suspend::new(async move {
                match text.await {
                    Ok(Some(Sent(view))) => {
                        view! {
                            <section class="card pane" aria-label=view.artifact.name.clone()>
                                <h2>{view.artifact.name.clone()}</h2>
                                <pre class="text" tabindex="0">{view.text}</pre>
                                {view.is_cut.then(|| view! { <p class="note">"This is the beginning; the download has all of it."</p> })}
                            </section>
                        }
                            .into_any()
                    }
                    Ok(None) => ().into_any(),
                    Err(error) => view! { <ErrorPanel error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// What it was asked to do.
#[component]
fn Params(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let (params, options, timeout, key) = store.page.with_value(|page| {
        (
            page.params.clone(),
            page.options.clone(),
            page.timeout_seconds,
            page.concurrency_key.clone(),
        )
    });
    view! {
        <section class="card pane" aria-label="Parameters">
            <pre class="text" tabindex="0">{params}</pre>
            {(!options.is_empty()).then(|| view! { <h2>"Options"</h2><pre class="text" tabindex="0">{options}</pre> })}
            <dl class="facts-list">
                {timeout.map(|seconds| view! { <div><dt>"Time limit"</dt><dd>{crate::time::span(i64::from(seconds) * 1000)}</dd></div> })}
                {key.map(|key| view! { <div><dt>"One at a time"</dt><dd><code>{key}</code></dd></div> })}
            </dl>
        </section>
    }
    .into_any()
}

/// What came of it.
#[component]
fn Outcome(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let result = Memo::new(move |_| store.detail.with(|detail| detail.result.clone()));
    view! {
        <section class="card pane" aria-label="Result">
            {piece(move || match result.get() {
                Some(text) => view! { <pre class="text" tabindex="0">{text}</pre> }.into_any(),
                None => view! { <Empty title="There is no result yet." hint="It is written when the run ends." /> }.into_any(),
            })}
        </section>
    }
    .into_any()
}

/// Its tries.
#[component]
fn Attempts(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let attempts = Memo::new(move |_| store.detail.with(|detail| detail.attempts.clone()));
    let row = |attempt: crate::views::AttemptView| {
        view! {
            <tr>
                <th scope="row">{attempt.attempt}</th>
                <td>{attempt.outcome}</td>
                <td>{attempt.worker}</td>
                <td><Stamp at=attempt.claimed_at /></td>
                <td class="r">
                    <Took from=Signal::stored(Some(attempt.claimed_at)) to=Signal::stored(attempt.ended_at) />
                </td>
                <td class="cut">{attempt.error.map(|error| error.message)}</td>
            </tr>
        }
    };
    view! {
        <div class="card table-frame" role="region" aria-label="Attempts" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Attempt"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col">"Worker"</th>
                        <th scope="col">"Claimed"</th>
                        <th scope="col" class="r">"Took"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{piece(move || attempts.get().into_iter().map(row).collect_view())}</tbody>
            </table>
        </div>
    }
    .into_any()
}
