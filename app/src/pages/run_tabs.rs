//! The tabs of a run.

use crate::api::read_artifact;
use crate::components::late::{flag, loaded, piece};
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
    let tab = Memo::new(move |_| query.read().get("tab").unwrap_or_else(|| "logs".to_owned()));
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
    html! {
        <TabLinks label="Parts of the run" tabs=tabs current=tab href=|word| format!("?tab={word}") />
        {piece(move || match tab.get().as_str() {
            "steps" => html! { <Steps store=store /> },
            "events" => {
                html! { <section class="card pane"><EventList events=Signal::derive(move || detail.read().events.clone()) /></section> }
            }
            "artifacts" => html! { <Artifacts store=store /> },
            "params" => html! { <Params store=store /> },
            "result" => html! { <Outcome store=store /> },
            "attempts" => html! { <Attempts store=store /> },
            _ => html! { <Logs store=store /> },
        })}
    }
}

/// The log with its tools.
#[component]
fn Logs(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let id = store.run.read_untracked().id.clone();
    let line = use_query_map().with_untracked(|query| query.get("line").and_then(|line| line.parse().ok()));
    let only = RwSignal::new(String::new());
    let times = RwSignal::new(true);
    let log = store.log;
    let steps = Memo::new(move |_| {
        let detail = store.detail.read();
        {
            let mut steps: Vec<(String, String)> = Vec::new();
            for step in &detail.steps {
                if !steps.iter().any(|(known, _)| *known == step.step) {
                    steps.push((step.step.clone(), step.title.clone()));
                }
            }
            steps
        }
    });
    html! {
        <section class="card logs" aria-label="Log">
            <div class="row bar log-tools">
                <label class="inline">
                    <span>"Step"</span>
                    <select on:change=move |event| only.set(event_target_value(&event))>
                        <option value="">"All"</option>
                        {piece(move || {
                            steps.get().into_iter().map(|(step, title)| html! { <option value=step>{title}</option> }).collect_view()
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
}

/// The waterfall over all attempts.
#[component]
fn Steps(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let plan = store.page.with_value(|page| page.plan.clone());
    html! {
        <section class="card pane">
            <Waterfall detail=store.detail plan=plan />
        </section>
    }
}

/// What it left behind, one of them opened.
#[component]
fn Artifacts(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let query = use_query_map();
    let opened = Memo::new(move |_| query.read().get("artifact"));
    let text = Resource::new(
        move || opened.get(),
        |id| async move {
            match id {
                Some(id) => read_artifact(id).await,
                None => Ok(None),
            }
        },
    );
    let artifacts = Signal::derive(move || store.detail.read().artifacts.clone());
    html! {
        <section class="card pane">
            <Show
                when=move || { let artifacts = artifacts.read(); !artifacts.is_empty() }
                fallback=|| html! { <Empty title="Nothing was left behind." hint="A step leaves an artifact by writing into its artifacts folder." /> }
            >
                <ArtifactList artifacts=artifacts />
            </Show>
        </section>
        {loaded(move || async move {
                match text.await {
                    Ok(Some(Sent(view))) => {
                        html! {
                            <section class="card pane" aria-label=view.artifact.name.clone()>
                                <h2>{view.artifact.name.clone()}</h2>
                                <pre class="text" tabindex="0">{view.text}</pre>
                                {view.is_cut.then(|| html! { <p class="note">"This is the beginning; the download has all of it."</p> })}
                            </section>
                        }
                    }
                    Ok(None) => ().into_any(),
                    Err(error) => html! { <ErrorPanel error=error /> },
                }
            })}
    }
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
    html! {
        <section class="card pane" aria-label="Parameters">
            <pre class="text" tabindex="0">{params}</pre>
            {(!options.is_empty()).then(|| html! { <h2>"Options"</h2><pre class="text" tabindex="0">{options}</pre> })}
            <dl class="facts-list">
                {timeout.map(|seconds| html! { <div><dt>"Time limit"</dt><dd>{crate::time::span(i64::from(seconds) * 1000)}</dd></div> })}
                {key.map(|key| html! { <div><dt>"One at a time"</dt><dd><code>{key}</code></dd></div> })}
            </dl>
        </section>
    }
}

/// What came of it.
#[component]
fn Outcome(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let result = Memo::new(move |_| store.detail.read().result.clone());
    html! {
        <section class="card pane" aria-label="Result">
            {piece(move || match result.get() {
                Some(text) => html! { <pre class="text" tabindex="0">{text}</pre> },
                None => html! { <Empty title="There is no result yet." hint="It is written when the run ends." /> },
            })}
        </section>
    }
}

/// Its tries.
#[component]
fn Attempts(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let attempts = Memo::new(move |_| store.detail.read().attempts.clone());
    let row = |attempt: crate::views::AttemptView| {
        html! {
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
    html! {
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
}
