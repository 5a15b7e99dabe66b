//! `/runs/{id}`: one run, whole.

use super::run_tabs::RunTabs;
use crate::Boot;
use crate::api::read_run;
use crate::components::late::{flag, loaded, piece, text};
use crate::components::{
    Ago, CancelDialog, CopyId, Empty, ErrorPanel, FailurePanel, Heartbeat, Icon, PageHead, RerunButton, StatusPill,
    StepBar, Took, WaitPanel,
};
use crate::live::run::RunStore;
use crate::now::use_now;
use crate::state::RunState;
use crate::time;
use crate::views::{RunPageView, Sent, WaitReason};
use domain::RunStatus;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Lines of log in the first look.
const FIRST_LINES: i64 = 500;
/// A worker that has not obeyed for this long may be passed over.
const GRACE_MS: i64 = 30_000;

/// The page.
#[component]
pub(crate) fn RunPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let run = Resource::new(
        move || id.get(),
        move |id| {
            // A line link reads around its line once; scrolling on does not read the page again.
            let line = query.read_untracked().get("line").and_then(|line| line.parse().ok());
            read_run(id, FIRST_LINES, line)
        },
    );
    loaded(move || async move {
        match run.await {
            Ok(Some(Sent(page))) => html! { <Run page=page /> },
            Ok(None) => {
                html! {
                    <Title text="No such run" />
                    <PageHead title="No such run" />
                    <div class="page">
                        <Empty title="There is no such run." hint="It may be mistyped, or older than what is kept." />
                    </div>
                }
            }
            Err(error) => {
                html! {
                    <PageHead title="Run" />
                    <div class="page"><ErrorPanel error=error /></div>
                }
            }
        }
    })
}

/// Head, reasons, tabs.
#[component]
fn Run(
    /// What the server read.
    page: RunPageView,
) -> impl IntoView {
    let store = RunStore::new(page);
    Effect::new(move || store.watch());
    let run = store.run;
    let now = use_now();
    let state = Memo::new(move |_| {
        let run = run.read();
        RunState::of(&run, now.get())
    });
    let name = Memo::new(move |_| run.read().title.clone());
    html! {
        <Title text=text(move || format!("{}: {}", state.get().word(), name.get())) />
        <PageHead title=name live=true />
        <div class="page">
            <RunHead store=store />
            <Waiting store=store />
            {piece(move || {
                let detail = store.detail.read();
                let wait = detail.wait.clone().filter(|_| detail.run.status == RunStatus::Waiting);
                wait.map(|wait| html! { <WaitPanel run_id=detail.run.id.clone() wait=wait /> })
            })}
            {piece(move || {
                { let run = run.read(); (run.status == RunStatus::Failed).then(|| (run.error.clone(), run.reason.clone())) }
                    .and_then(|(error, reason)| error.map(|error| html! { <FailurePanel error=error reason=reason /> }))
            })}
            <RunTabs store=store />
        </div>
    }
}

/// Status, id, facts, what one can do.
#[component]
fn RunHead(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let run = store.run;
    let fixed = run.get_untracked();
    let beat = Signal::derive(move || {
        let run = run.read();
        run.heartbeat_at.zip(run.expires_at)
    });
    let last_worker = move || {
        let detail = store.detail.read();
        detail
            .attempts
            .last()
            .map_or_else(|| "–".to_owned(), |attempt| attempt.worker.clone())
    };
    let is_running = Memo::new(move |_| run.read().status == RunStatus::Running);
    let tries = text(move || {
        let run = run.read();
        {
            let crashed = if run.crash_count > 0 {
                format!(", {} lost with their worker", run.crash_count)
            } else {
                String::new()
            };
            format!("{} of {}{crashed}", run.attempt, run.max_attempts + run.crash_count)
        }
    });
    let what = match (&fixed.template, &fixed.action) {
        (Some(slug), _) => format!("{slug}, version {}", fixed.template_version.unwrap_or(1)),
        (None, Some(action)) => action.clone(),
        (None, None) => String::new(),
    };
    let parent = store.page.with_value(|page| page.parent.clone());
    html! {
        <section class="card run-head" aria-label="This run">
            <div class="row">
                <StatusPill run=run />
                <CopyId id=fixed.id.clone() />
                <span class="grow"></span>
                <RunActions store=store />
            </div>
            <StepBar run=run />
            <dl class="facts-list wide">
                <div><dt>"Template"</dt><dd>{what}</dd></div>
                <div><dt>"Lane"</dt><dd>{fixed.lane.clone()}</dd></div>
                <div><dt>"Asked by"</dt><dd class="cut" title=fixed.requested_by.clone()>{fixed.requested_by.clone()}</dd></div>
                <div><dt>"Attempt"</dt><dd>{tries}</dd></div>
                <div><dt>"Made"</dt><dd><Ago at=fixed.created_at /></dd></div>
                <div>
                    <dt>"Took"</dt>
                    <dd>
                        <Took
                            from=Signal::derive(move || run.read().started_at)
                            to=Signal::derive(move || run.read().finished_at)
                        />
                    </dd>
                </div>
                <div>
                    <dt>"Worker"</dt>
                    <dd class="row tight">
                        {piece(move || {
                            is_running
                                .get()
                                .then(|| {
                                    html! {
                                        <span>{run.read().worker.clone().unwrap_or_default()}</span>
                                        <Heartbeat beat=beat in_words=true />
                                    }
                                })
                        })}
                        {text(move || if is_running.get() { String::new() } else { last_worker() })}
                    </dd>
                </div>
                {parent
                    .map(|parent| {
                        html! { <div><dt>"Parent"</dt><dd><a href=format!("/runs/{parent}")><code>{parent.clone()}</code></a></dd></div> }
                    })}
            </dl>
        </section>
    }
}

/// Cancel in three honest states, rerun.
#[component]
fn RunActions(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let run = store.run;
    let now = use_now();
    let may = use_context::<Boot>().is_some_and(|boot| {
        let run = run.read_untracked();
        boot.may_manage(&run.requested_by)
    });
    let asks = use_query_map().with_untracked(|query| query.get("ask").is_some());
    let target = RwSignal::new(
        asks.then(|| run.get_untracked())
            .filter(|run| may && !run.status.is_final()),
    );
    let opens = target.read_untracked().is_some();
    let id = run.read_untracked().id.clone();
    let asked_at = Memo::new(move |_| {
        let run = run.read();
        run.cancel_requested_at.filter(|_| !run.status.is_final())
    });
    let is_final = Memo::new(move |_| run.read().status.is_final());
    let may_force = Signal::derive(move || asked_at.get().is_some_and(|at| now.get() - at > GRACE_MS));
    let ask = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        target.set(Some(run.get_untracked()));
    };
    let cancel_link = format!("/runs/{id}?ask=cancel");
    may.then(|| {
        html! {
            {piece(move || {
                asked_at
                    .get()
                    .map(|at| {
                        html! {
                            <span class="warn-ink row tight" role="status">
                                <Icon name="stopping" />
                                {text(move || format!("Stopping since {}", time::ticking(now.get() - at)))}
                            </span>
                        }
                    })
            })}
            {piece(move || {
                let run = run.read();
                let failed = run.error.clone().filter(|_| run.status == RunStatus::Failed && run.steps_done > 0);
                failed
                    .and_then(|error| error.step)
                    .map(|step| html! { <RerunButton run_id=run.id.clone() from_step=step /> })
            })}
            <RerunButton run_id=id.clone() />
            <a
                class="btn danger"
                role="button"
                data-key="cancel"
                href=cancel_link
                class:gone=flag(move || is_final.get() || (asked_at.get().is_some() && !may_force.get()))
                on:click=ask
            >
                {text(move || if may_force.get() { "Force: mark canceled" } else { "Cancel run" })}
            </a>
            <CancelDialog target=target open=opens force=may_force />
        }
    })
}

/// Why it is not running.
#[component]
fn Waiting(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let run = store.run;
    let reasons = store.page.with_value(|page| page.waiting.clone());
    let is_queued = Memo::new(move |_| run.read().status == RunStatus::Queued);
    let again = Memo::new(move |_| {
        let run = run.read();
        (run.run_after, run.attempt)
    });
    let now = use_now();
    piece(move || {
        is_queued.get().then(|| {
            let reasons: Vec<WaitReason> = reasons.clone();
            let retry = match again.get() {
                (Some(due), attempt) if attempt > 0 && due > now.get() => {
                    Some(format!("The next attempt begins {}.", time::ago(now.get() - due)))
                }
                _ => None,
            };
            html! {
                <section class="card waiting" aria-label="Why it waits">
                    <Icon name="clock" />
                    <div>
                        <p class="strong">"Why it waits"</p>
                        {retry.map(|words| html! { <p>{words}</p> })}
                        {reasons.into_iter().map(|reason| html! { <p>{reason.message}</p> }).collect_view()}
                    </div>
                </section>
            }
        })
    })
}
