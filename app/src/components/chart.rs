//! The last sixty minutes.

use crate::chart::{HEIGHT, MINUTE, WIDTH, draw, in_words, runs_between};
use crate::components::late::text;
use crate::time;
use crate::views::MinuteView;
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Bars of what ended, a line of what waited. A brush over it (drag, two clicks, or arrows, shift and Enter) leads to the
/// runs of those minutes.
#[component]
pub(crate) fn Chart(
    /// The minutes, oldest first.
    #[prop(into)]
    minutes: Signal<Vec<MinuteView>>,
) -> impl IntoView {
    let drawing = Memo::new(move |_| {
        let minutes = minutes.read();
        draw(&minutes)
    });
    let bars = move || {
        let minutes = minutes.read();
        drawing
            .get()
            .bars
            .into_iter()
            .zip(minutes.iter())
            .map(|(bar, minute)| {
                let label = format!(
                    "{} UTC: {} finished, {} failed, {} waiting",
                    time::minute(minute.at),
                    minute.finished,
                    minute.failed,
                    minute.queue_depth,
                );
                html! {
                    <g>
                        <title>{label}</title>
                        <rect class="hit" x=bar.x y="0" width=bar.width height=HEIGHT></rect>
                        <rect class="finished" x=bar.x y=bar.finished_y width=bar.width height=bar.finished_height rx="15"></rect>
                        <rect class="failed" x=bar.x y=bar.failed_y width=bar.width height=bar.failed_height rx="15"></rect>
                    </g>
                }
            })
            .collect_view()
    };
    // Where the brush began and where it is, as minutes of the clock: they stay while the hour moves on.
    let brush = RwSignal::new(None::<(i64, i64)>);
    let plot = NodeRef::<html::Div>::new();
    let navigate = use_navigate();
    let open = move || {
        if let Some((one, other)) = brush.get_untracked() {
            brush.set(None);
            navigate(&runs_between(one, other), NavigateOptions::default());
        }
    };
    let open_too = open.clone();
    let pointed = move |event: ev::PointerEvent| {
        let Some(at) = minute_at(&event, plot, &minutes.read_untracked()) else {
            return;
        };
        match (event.type_().as_str(), brush.get_untracked()) {
            ("pointerdown", None) => brush.set(Some((at, at))),
            ("pointermove", Some((one, other))) if other != at => brush.set(Some((one, at))),
            // The end of a drag, or the second click.
            ("pointerup", Some((one, _))) if one != at => open(),
            ("pointerdown", Some(_)) => open(),
            ("pointerleave", Some(_)) if event.pointer_type() == "mouse" => brush.set(None),
            _ => {}
        }
    };
    let pressed = move |event: ev::KeyboardEvent| {
        let ends = minutes.with_untracked(|minutes| Some((minutes.first()?.at, minutes.last()?.at)));
        let Some((first, last)) = ends else { return };
        let (one, other) = brush.get_untracked().unwrap_or((last, last));
        let at = match event.key().as_str() {
            "ArrowLeft" => (other - MINUTE).max(first),
            "ArrowRight" => (other + MINUTE).min(last),
            "Enter" => return open_too(),
            "Escape" => return brush.set(None),
            _ => return,
        };
        event.prevent_default();
        brush.set(Some((if event.shift_key() { one } else { at }, at)));
    };
    let chosen = text(move || {
        if let Some((one, other)) = brush.get() {
            let (from, to) = (one.min(other), one.max(other) + MINUTE);
            format!("{} to {} UTC", time::minute(from), time::minute(to))
        } else {
            let drawing = drawing.read();
            format!("up to {} a minute, {} deep", drawing.most_ended, drawing.deepest)
        }
    });
    // Left edge and width of the brush.
    let band = Memo::new(move |_| {
        let minutes = minutes.read();
        let (slot, first) = (
            WIDTH / (minutes.len().max(1) as i64),
            minutes.first().map_or(0, |minute| minute.at),
        );
        let (one, other) = brush.get()?;
        Some((
            (one.min(other) - first) / MINUTE * slot,
            ((one - other).abs() / MINUTE + 1) * slot,
        ))
    });
    html! {
        <section class="card chart" aria-labelledby="chart-title">
            <header>
                <h2 id="chart-title">"Last 60 minutes"</h2>
                <span class="key finished">"finished"</span>
                <span class="key failed">"failed"</span>
                <span class="key depth">"queue depth"</span>
                <span class="grow"></span>
                <span class="scale">{chosen}</span>
            </header>
            <div
                class="plot"
                node_ref=plot
                on:pointerdown=pointed.clone()
                on:pointermove=pointed.clone()
                on:pointerup=pointed.clone()
                on:pointerleave=pointed
            >
                <svg
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=text(move || in_words(&minutes.read()))
                >
                    <rect
                        class="band"
                        x=text(move || band.get().unwrap_or_default().0.to_string())
                        width=text(move || band.get().unwrap_or_default().1.to_string())
                        height=HEIGHT
                    ></rect>
                    {bars}
                    <polyline points=text(move || drawing.read().depth.clone())></polyline>
                </svg>
                <div
                    class="brush"
                    role="slider"
                    tabindex="0"
                    aria-label="Minutes whose runs to list: arrows choose, with Shift they widen, Enter lists"
                    aria-valuemin="0"
                    aria-valuemax=WIDTH
                    aria-valuenow=text(move || band.get().map_or(WIDTH, |(left, _)| left).to_string())
                    aria-valuetext=chosen
                    on:keydown=pressed
                ></div>
            </div>
        </section>
    }
}

/// The minute under the pointer.
fn minute_at(event: &ev::PointerEvent, plot: NodeRef<html::Div>, minutes: &[MinuteView]) -> Option<i64> {
    let plot: HtmlElement = plot.get_untracked()?.unchecked_into();
    let width = plot.offset_width().max(1);
    let mut left = 0;
    let mut frame = Some(plot);
    while let Some(element) = frame {
        left += element.offset_left();
        frame = element.offset_parent().and_then(|parent| parent.dyn_into().ok());
    }
    let last = minutes.len().checked_sub(1)? as i32;
    let at = (event.client_x() - left) * (last + 1) / width;
    minutes.get(at.clamp(0, last) as usize).map(|minute| minute.at)
}
