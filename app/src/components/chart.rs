//! The last sixty minutes.

use crate::chart::{HEIGHT, WIDTH, draw, in_words};
use crate::components::late::text;
use crate::time;
use crate::views::MinuteView;
use leptos::prelude::*;

/// Bars of what ended, a line of what waited.
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
    html! {
        <section class="card chart" aria-labelledby="chart-title">
            <header>
                <h2 id="chart-title">"Last 60 minutes"</h2>
                <span class="key finished">"finished"</span>
                <span class="key failed">"failed"</span>
                <span class="key depth">"queue depth"</span>
                <span class="grow"></span>
                <span class="scale">
                    {text(move || { let drawing = drawing.read(); format!("up to {} a minute, {} deep", drawing.most_ended, drawing.deepest) })}
                </span>
            </header>
            <svg
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=text(move || in_words(&minutes.read()))
            >
                {bars}
                <polyline points=text(move || drawing.read().depth.clone())></polyline>
            </svg>
        </section>
    }
}
