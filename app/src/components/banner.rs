//! What must be seen before anything else.

use super::Icon;
use crate::components::late::{piece, text};
use crate::live::board::BoardStore;
use crate::live::hub::use_live;
use crate::now::use_now;
use crate::stall::{self, Stall};
use leptos::prelude::*;

/// Work waits that nobody will begin: the likely cause and the command that helps.
#[component]
pub(crate) fn StalledBanner(
    /// The board.
    board: BoardStore,
) -> impl IntoView {
    let now = use_now();
    let stalled = Memo::new(move |_| {
        let workers = board.workers.read();
        stall::everywhere(&board.strip.read(), &workers).or_else(|| {
            let lanes = board.lanes.get_value();
            let mut lanes = lanes.iter().map(|lane| lane.view.read());
            lanes.find_map(|lane| stall::in_lane(&lane, &workers, now.get()))
        })
    });
    let is_stalled = Memo::new(move |_| stalled.read().is_some());
    let say = move |pick: fn(&Stall) -> &String| {
        text(move || {
            stalled
                .read()
                .as_ref()
                .map_or_else(String::new, |stall| pick(stall).clone())
        })
    };
    // Made once for each stall: who follows the link keeps it while the number grows.
    piece(move || {
        is_stalled.get().then(|| {
            html! {
                <div class="stalled" role="alert">
                    <Icon name="warn" />
                    <div>
                        <p class="strong">{say(|stall| &stall.what)}</p>
                        <p>
                            {say(|stall| &stall.cause)} " Start one with " <code>{say(|stall| &stall.command)}</code>
                            ", or see the " <a href="/workers">"workers"</a> "."
                        </p>
                    </div>
                </div>
            }
        })
    })
}

/// Another build answers now.
#[component]
pub(crate) fn OutdatedBar() -> impl IntoView {
    let live = use_live();
    piece(move || {
        live.outdated.get().then(|| {
            html! {
                <div class="outdated" role="status">
                    "A newer version of Runboard is running. "
                    <button type="button" class="btn sm" on:click=|_| { let _ = window().location().reload(); }>
                        "Load it"
                    </button>
                </div>
            }
        })
    })
}
