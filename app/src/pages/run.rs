//! `/runs/{id}`: one run, whole.

use super::run_actions::RunActions;
use super::run_tabs::RunTabs;
use crate::api::read_run;
use crate::components::late::{loaded, piece, text};
use crate::components::{
    Ago, CopyId, Empty, ErrorPanel, FailurePanel, Heartbeat, PageHead, RunPart, StatusPill, StepBar, Took, WaitPanel,
    ask_of,
};
use crate::live::run::RunStore;
use crate::log_text::lines_of;
use crate::now::use_now;
use crate::state::RunState;
use crate::views::{RunPageView, Sent};
use domain::RunStatus;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Lines of log in the first look.
const FIRST_LINES: i64 = 500;

/// The page.
#[component]
pub(crate) fn RunPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let run = Resource::new(
        move || id.get(),
        move |id| {
            // What the address asks of the log is read once; other lines do not read the page again.
            let query = query.read_untracked();
            let marked = lines_of(query.get_str("line").unwrap_or_default());
            read_run(id, FIRST_LINES, marked, ask_of(&query))
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
    // The state shows among many tabs, too.
    Effect::new(move || favicon(state.get().tone()));
    on_cleanup(|| {
        if cfg!(feature = "hydrate") {
            favicon("");
        }
    });
    html! {
        <Title text=text(move || format!("{}: {}", state.get().word(), name.get())) />
        <PageHead title=name live=true />
        <div class="page">
            <RunHead store=store />
            <RunPart store=store part="around" />
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

/// Gives the tab the icon of a tone; without one the usual.
fn favicon(tone: &str) {
    if let Ok(Some(link)) = document().query_selector("link[rel=icon]") {
        let name = if tone.is_empty() {
            String::new()
        } else {
            format!("-{tone}")
        };
        let _ = link.set_attribute("href", &format!("/favicon{name}.svg"));
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
        (Some(slug), _) => format!("{slug}, v{}", fixed.template_version.unwrap_or(1)),
        (None, Some(action)) => action.clone(),
        (None, None) => String::new(),
    };
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
            </dl>
        </section>
    }
}
