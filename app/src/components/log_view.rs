//! The log: at most two thousand lines in the page, more read as one scrolls.

use super::Icon;
use crate::components::late::{flag, rows, text};
use crate::live::log::LogStore;
use crate::log_text::block_html;
use crate::time;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Nearer than this to an edge, in pixels, means being there.
const EDGE: i32 = 24;
/// Nearer than this to the top, in pixels, reads what came before.
const READ_AHEAD: i32 = 400;

/// Lines with numbers, follow, and the way to the newest.
#[component]
pub(crate) fn LogView(
    /// The log.
    log: LogStore,
    /// Address before a line number, as HTML.
    link: String,
) -> impl IntoView {
    let pane = NodeRef::<html::Div>::new();
    let link = StoredValue::new(link);
    let unseen = Memo::new(move |_| log.unseen());
    // The first line and where it was before older ones came in above, so that what is read stays where it is.
    let anchor = StoredValue::new(None::<(i64, i32)>);
    let place = StoredValue::new((0, 0));
    let on_scroll = move |_| {
        let Some(pane) = pane.get_untracked() else {
            return;
        };
        let (top, height) = (pane.scroll_top(), pane.scroll_height());
        let (top_before, known_height) = place.get_value();
        place.set_value((top, height));
        // Only a person goes up; lines that go away make the whole shorter, too.
        if top < top_before - 1 && height >= known_height {
            log.follow.set(false);
        } else if height - top - pane.client_height() < EDGE && !log.follow.get_untracked() {
            log.read_newer();
            log.follow.set(unseen.get_untracked() == 0);
        }
        if top < READ_AHEAD && !log.follow.get_untracked() {
            let first = log.blocks.read_untracked().front().map_or(1, |block| block.first);
            anchor.set_value(line_top(first).map(|top| (first, top)));
            log.read_older();
        }
    };
    Effect::new(move || {
        let ((first, _), goal) = (log.bounds(), log.goal.get());
        log.blocks.track();
        let Some(pane) = pane.get() else { return };
        // The lines of this change are in the page only after the effects of this turn.
        request_animation_frame(move || {
            if goal > 0 {
                if show_line(goal) {
                    log.goal.set(0);
                }
            } else if let Some((anchored, top)) = anchor.get_value()
                && first < anchored
            {
                anchor.set_value(None);
                let moved = line_top(anchored).map_or(0, |now| now - top);
                pane.set_scroll_top(pane.scroll_top() + moved);
            } else if log.follow.get_untracked() {
                pane.set_scroll_top(pane.scroll_height());
            }
        });
    });
    html! {
        <div class="log-frame">
            <div
                class="log"
                role="log"
                aria-live="off"
                aria-label="Log"
                tabindex="0"
                node_ref=pane
                on:scroll=on_scroll
            >
                {rows(move || log.blocks.get().into(), |block| block.id.to_string(), move |block| html! {
                    <div class="block" inner_html=text(move || block_html(&block, &log.look.read(), &link.get_value()))></div>
                })}
                <p class="note pad" class:gone=flag(move || { let blocks = log.blocks.read(); !blocks.is_empty() })>
                    {text(move || match (log.busy.get(), log.ask.read().is_partial()) {
                        (true, _) => "Reading…",
                        (false, true) => "No line fits. Choose another step or level.",
                        (false, false) => "Nothing was printed yet.",
                    })}
                </p>
            </div>
            <button
                type="button"
                class="btn sm newer"
                class:gone=flag(move || log.follow.get() || (unseen.get() == 0 && log.blocks.read().is_empty()))
                on:click=move |_| log.jump_to_newest()
            >
                <Icon name="down" />
                {text(move || match unseen.get() {
                    0 => "Newest line".to_owned(),
                    1 => "1 new line".to_owned(),
                    more => format!("{} new lines", time::count(more)),
                })}
            </button>
        </div>
    }
}

/// How far from the beginning of the text a line stands; `None` when it is not shown.
fn line_top(line: i64) -> Option<i32> {
    let element = document().get_element_by_id(&format!("L{line}"))?;
    Some(element.unchecked_into::<web_sys::HtmlElement>().offset_top())
}

/// Brings a line into view; whether it is there.
fn show_line(line: i64) -> bool {
    let Some(element) = document().get_element_by_id(&format!("L{line}")) else {
        return false;
    };
    let how = web_sys::ScrollIntoViewOptions::new();
    how.set_block(web_sys::ScrollLogicalPosition::Center);
    element.scroll_into_view_with_scroll_into_view_options(&how);
    true
}
