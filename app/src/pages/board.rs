//! `/`: what is broken, what runs, what waits.

use crate::api::{read_board, read_run};
use crate::components::late::{loaded, maybe, text};
use crate::components::run_card::CancelTarget;
use crate::components::{
    CancelDialog, Chart, Drawer, Empty, ErrorPanel, HealthStrip, LaneColumn, PageHead, StalledBanner,
};
use crate::live::board::{BoardStore, LaneStore};
use crate::live::hub::watch;
use crate::views::{BoardView, LogAsk, Sent};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Lines of log in the drawer.
const DRAWER_LINES: i64 = 60;

/// The page.
#[component]
pub(crate) fn BoardPage() -> impl IntoView {
    let board = Resource::new(|| (), |()| read_board());
    html! {
        <PageHead title="Runboard" live=true />
        <div class="page">
            {loaded(move || async move {
                    match board.await {
                        Ok(Sent(board)) => html! { <Board board=board /> },
                        Err(error) => html! { <ErrorPanel error=error /> },
                    }
                })}
        </div>
    }
}

/// The board and the drawer beside it.
#[component]
fn Board(
    /// What the server read.
    board: BoardView,
) -> impl IntoView {
    let store = BoardStore::new(board);
    Effect::new(move || watch("board".to_owned(), move |event| store.apply(event)));
    let target = CancelTarget(RwSignal::new(None));
    provide_context(target);
    let query = use_query_map();
    let selected = Memo::new(move |_| query.read().get("run"));
    let is_open = Memo::new(move |_| selected.read().is_some());
    let title = text(move || {
        let strip = store.strip.read();
        match (strip.stuck, strip.queued > 0 && strip.workers_fresh == 0) {
            (_, true) => format!("Stalled, {} waiting", strip.queued),
            (0, _) => format!("{} running, {} waiting", strip.running, strip.queued),
            (stuck, _) => format!("{stuck} stuck, {} running", strip.running),
        }
    });
    html! {
        <Title text=title />
        <div class="board" class:open=is_open>
            <div class="board-main">
                <StalledBanner board=store />
                <HealthStrip strip=store.strip />
                <Chart minutes=store.minutes />
                <Lanes store=store selected=selected />
            </div>
            <Selected selected=selected />
        </div>
        <CancelDialog target=target.0 />
    }
}

/// Four columns; on a phone one, chosen by a tab.
#[component]
fn Lanes(
    /// The board.
    store: BoardStore,
    /// Which run the drawer shows.
    selected: Memo<Option<String>>,
) -> impl IntoView {
    let lanes = store.lanes.get_value();
    let query = use_query_map();
    let first = lanes.first().map(name).unwrap_or_default();
    let current = Memo::new(move |_| query.read().get("lane").unwrap_or_else(|| first.clone()));
    if lanes.is_empty() {
        return html! { <Empty title="There are no lanes." hint="They are made with the first migration." /> };
    }
    let tabs = lanes
        .iter()
        .map(|lane| {
            let lane = *lane;
            let name = name(&lane);
            let href = format!("/?lane={name}");
            let is_current = {
                let name = name.clone();
                Memo::new(move |_| { let current = current.read(); *current == name })
            };
            html! {
                <a href=href data-noscroll="true" prop:replace=true aria-current=maybe(move || is_current.get().then_some("true"))>
                    <span class="sr">"Lane "</span>
                    {name}
                    <span class="count">{text(move || { let lane = lane.view.read(); (lane.running + lane.queued).to_string() })}</span>
                </a>
            }
        })
        .collect_view();
    let columns = lanes
        .into_iter()
        .map(|lane| {
            let name = name(&lane);
            let is_current = Memo::new(move |_| {
                let current = current.read();
                *current == name
            });
            html! { <LaneColumn board=store lane=lane selected=selected current=is_current /> }
        })
        .collect_view();
    html! {
        <nav class="lane-tabs" aria-label="Lanes">
            {tabs}
        </nav>
        <div class="lanes">{columns}</div>
    }
}

/// The drawer, when the address names a run.
#[component]
fn Selected(
    /// Which run.
    selected: Memo<Option<String>>,
) -> impl IntoView {
    let run = Resource::new(
        move || selected.get(),
        |id| async move {
            match id {
                Some(id) => read_run(id, DRAWER_LINES, (0, 0), LogAsk::default()).await,
                None => Ok(None),
            }
        },
    );
    loaded(move || async move {
        match run.await {
            Ok(Some(Sent(page))) => html! { <Drawer page=page /> },
            Ok(None) => ().into_any(),
            Err(error) => html! { <ErrorPanel error=error /> },
        }
    })
}

fn name(lane: &LaneStore) -> String {
    lane.view.read_untracked().name.clone()
}
