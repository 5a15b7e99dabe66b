//! A lane of the board.

use super::{FinishedLine, Icon, QueuedLine, RunCard, Ticking, toast_outcome};
use crate::Boot;
use crate::api::{PauseLane, ResumeLane};
use crate::components::late::{flag, piece, rows, text};
use crate::live::board::{BoardStore, LaneStore};
use crate::views::LaneOrder;
use domain::Permission;
use leptos::{ev, form::ActionForm, prelude::*};

/// Queued runs that fill the depth bar.
const DEEP: i64 = 20;

/// Head with load and pause, running cards, next, last. Nothing moves while the pointer is inside.
#[component]
pub(crate) fn LaneColumn(
    /// The board.
    board: BoardStore,
    /// The lane.
    lane: LaneStore,
    /// Which run the drawer shows.
    #[prop(into)]
    selected: Signal<Option<String>>,
    /// Whether a phone shows this lane.
    #[prop(into)]
    current: Signal<bool>,
) -> impl IntoView {
    let name = lane.view.read_untracked().name.clone();
    let enter = move |event: ev::PointerEvent| {
        if event.pointer_type() == "mouse" {
            lane.hover(true);
        }
    };
    let running = list(lane, |order| &order.running);
    let next = list(lane, |order| &order.next);
    let last = list(lane, |order| &order.last);
    let oldest = Signal::derive(move || lane.view.read().oldest_queued_at);
    html! {
        <section
            class="lane"
            class:current=current
            id=format!("lane-{name}")
            aria-labelledby=format!("lane-{name}-title")
            on:pointerenter=enter
            on:pointerleave=move |_| lane.hover(false)
        >
            <LaneHead lane=lane />
            <button
                type="button"
                class="btn sm held"
                class:gone=flag(move || lane.held_back.read().is_none())
                on:click=move |_| lane.let_go()
            >
                {text(move || lane.held_words())}
            </button>
            <div class="lane-running">
                {rows(move || running.get(), String::clone, move |id| board.run(&id).map(|run| html! { <RunCard run=run selected=selected /> }).into_any())}
                <p class="note" class:gone=flag(move || !running.read().is_empty())>
                    {text(move || lane.view.read().purpose.clone())}
                </p>
            </div>
            <div class="lbl">
                "Next"
                {piece(move || oldest.get().map(|_| html! { " · oldest " <Ticking since=oldest /> }))}
            </div>
            <div class="lane-next">
                {rows(move || next.get(), String::clone, move |id| board.run(&id).map(|run| html! { <QueuedLine run=run /> }).into_any())}
                <p class="note" class:gone=flag(move || !next.read().is_empty())>"Nothing waits."</p>
            </div>
            <div class="lbl">"Last"</div>
            {rows(move || last.get(), String::clone, move |id| board.run(&id).map(|run| html! { <FinishedLine run=run /> }).into_any())}
            <p class="note" class:gone=flag(move || !last.read().is_empty())>"Nothing has ended yet."</p>
        </section>
    }
}

fn list(lane: LaneStore, pick: fn(&LaneOrder) -> &Vec<String>) -> Memo<Vec<String>> {
    Memo::new(move |_| {
        let order = lane.shown.read();
        pick(&order).clone()
    })
}

/// Name, load, pause, depth.
#[component]
fn LaneHead(
    /// The lane.
    lane: LaneStore,
) -> impl IntoView {
    let name = lane.view.read_untracked().name.clone();
    let capacity = text(move || {
        let lane = lane.view.read();
        match lane.max_running {
            Some(most) => format!("{}/{most}", lane.running),
            None => lane.running.to_string(),
        }
    });
    let depth = Memo::new(move |_| {
        let lane = lane.view.read();
        (lane.queued * 100 / DEEP).min(100)
    });
    let hot = Memo::new(move |_| depth.get() > 70);
    let paused = Memo::new(move |_| {
        let lane = lane.view.read();
        {
            lane.paused_at.map(|_| {
                let who = lane.paused_by.as_deref().unwrap_or("someone");
                match lane.pause_reason.as_deref().filter(|reason| !reason.is_empty()) {
                    Some(reason) => format!("Paused by {who}: {reason}"),
                    None => format!("Paused by {who}"),
                }
            })
        }
    });
    html! {
        <header>
            <h2 id=format!("lane-{name}-title")>{name.clone()}</h2>
            <span class="cut">{text(move || lane.view.read().title.clone())}</span>
            <span class="cap" title="running, of how many at once">{capacity}</span>
            <PauseButton lane=lane />
        </header>
        <svg class="depth" class:hot=hot role="img" aria-label=text(move || {
            { let lane = lane.view.read(); format!("{} waiting, {} for later", lane.queued, lane.deferred) }
        })>
            <rect class="fill" width=text(move || format!("{}%", depth.get())) height="100%"></rect>
        </svg>
        {piece(move || {
            paused
                .get()
                .map(|words| {
                    html! {
                        <p class="paused-note">
                            <Icon name="pause" />
                            <span class="cut" title=words.clone()>
                                {words.clone()}
                            </span>
                        </p>
                    }
                })
        })}
    }
}

/// Pauses or resumes, for operators.
#[component]
fn PauseButton(
    /// The lane.
    lane: LaneStore,
) -> impl IntoView {
    let may = use_context::<Boot>().is_some_and(|boot| boot.may(Permission::ManageRuns));
    let pause = ServerAction::<PauseLane>::new();
    let resume = ServerAction::<ResumeLane>::new();
    toast_outcome(pause, "The lane gives out no more runs.");
    toast_outcome(resume, "The lane gives out runs again.");
    let name = lane.view.read_untracked().name.clone();
    let is_paused = Memo::new(move |_| lane.view.read().paused_at.is_some());
    may.then(|| {
        let again = name.clone();
        html! {
            <span class:gone=is_paused>
                <ActionForm action=pause>
                    <input type="hidden" name="lane" value=name.clone() />
                    <button class="btn quiet icon-only" aria-label=format!("Pause lane {name}") title="Pause">
                        <Icon name="pause" />
                    </button>
                </ActionForm>
            </span>
            <span class:gone=flag(move || !is_paused.get())>
                <ActionForm action=resume>
                    <input type="hidden" name="lane" value=again.clone() />
                    <button class="btn quiet icon-only" aria-label=format!("Resume lane {again}") title="Resume">
                        <Icon name="play" />
                    </button>
                </ActionForm>
            </span>
        }
    })
}
