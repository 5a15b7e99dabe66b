//! `/settings/system`: the clockwork, and how long history is kept.

use super::tabs::tabs;
use crate::api::PageError;
use crate::served::{
    Ask, Page,
    dialog::Dialog,
    parts::{ago, records, refusal, stamp},
};
use crate::time;
use domain::Permission;
use leptos::prelude::*;
use runs::{
    retention::{self, PreviewRow, RetentionRow},
    settings::{self, Setting},
};

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::Administer)?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    let numbers = settings::list(&mut tx).await?;
    let kept = retention::list(&mut tx).await?;
    let would_go = retention::preview(&mut tx).await?;
    let body = html! { {tabs(ask)} {clockwork(numbers)} {history(kept, &would_go)} };
    Ok(Page::new(ask, "System", body))
}

fn clockwork(numbers: Vec<Setting>) -> AnyView {
    let rows = numbers.into_iter().map(number).collect();
    html! {
        <section class="stack" aria-labelledby="clockwork">
            <h2 id="clockwork">"Clockwork"</h2>
            <form method="post" action="/fn/save_settings" data-done="The numbers are saved. Workers and servers go by them within a minute.">
                {refusal()}
                {records("Numbers", &["Number", "What it does", "Value", "Range"], rows)}
                <div class="row">
                    <button class="btn primary">"Save numbers"</button>
                    <span class="note">"All of them or none."</span>
                </div>
            </form>
        </section>
    }
}

fn number(setting: Setting) -> Vec<AnyView> {
    let id = format!("number-{}", setting.key);
    let name = setting.key.replace('_', " ");
    let (lowest, highest) = (setting.lowest.to_string(), setting.highest.to_string());
    vec![
        html! { <label for=id.clone()>{name}</label> },
        html! { <span class="wrap">{setting.meaning}</span> },
        html! {
            <span class="measure">
                <input type="number" id=id name=format!("n[{}]", setting.key) value=setting.value.to_string() min=lowest max=highest required=true />
                <span class="note">{setting.unit}</span>
            </span>
        },
        range(setting.lowest, setting.highest).into_any(),
    ]
}

fn range(lowest: i32, highest: i32) -> String {
    let lowest = time::count(lowest.into());
    match highest {
        i32::MAX => format!("{lowest} and more"),
        highest => format!("{lowest} to {}", time::count(highest.into())),
    }
}

fn history(kept: Vec<RetentionRow>, would_go: &[PreviewRow]) -> AnyView {
    let rows = kept
        .into_iter()
        .map(|row| {
            let preview = would_go.iter().find(|preview| preview.kind == row.kind);
            one_kind(row, preview)
        })
        .collect();
    html! {
        <section class="stack" aria-labelledby="history">
            <h2 id="history">"History"</h2>
            <form method="post" action="/fn/save_retention" data-done="What is kept is saved.">
                {refusal()}
                {records("History", &["Kind", "What it is", "Days kept", "Would go now", "Last applied"], rows)}
                <div class="row bar">
                    <button class="btn primary">"Save days"</button>
                    <span class="note">"Empty: for ever. As long as any number stands here, it is applied every day."</span>
                    <span class="grow"></span>
                </div>
            </form>
            <div class="row">{forget()}</div>
        </section>
    }
}

fn one_kind(row: RetentionRow, preview: Option<&PreviewRow>) -> Vec<AnyView> {
    let id = format!("days-{}", row.kind);
    let would_go = preview.map_or_else(
        || "–".into_any(),
        |preview| {
            let more = if preview.is_capped { " and more" } else { "" };
            let count = format!("{}{more}", time::count(preview.count));
            html! { {count} {preview.before.map(|before| html! { <span class="note block">"before " {stamp(before)}</span> })} }
        },
    );
    let applied = row.last_applied_at.map_or_else(
        || "never".into_any(),
        |at| {
            let gone = row.last_removed_count.unwrap_or_default();
            html! { {ago(at)} <span class="note block">{time::count(gone)} " went"</span> }
        },
    );
    vec![
        html! { <label for=id.clone()>{row.kind.clone()}</label> },
        html! { <span class="wrap">{row.meaning}</span> },
        html! {
            <span class="measure">
                <input
                    type="number"
                    id=id
                    name=format!("n[{}]", row.kind)
                    value=row.days.map(|days| days.to_string())
                    min="1"
                    max="36500"
                    placeholder="for ever"
                />
                <span class="note">"days"</span>
            </span>
        },
        would_go,
        applied,
    ]
}

fn forget() -> AnyView {
    let body = html! {
        <form method="post" action="/fn/run_retention" data-done="A run forgets what is too old.">
            <p class="note">"A run removes what is older than the days that are saved. What is gone cannot be brought back."</p>
            {refusal()}
            <button class="btn danger">"Forget now"</button>
        </form>
    };
    let dialog = Dialog {
        id: "forget".to_owned(),
        button: "Forget now",
        title: "Forget now what is too old".to_owned(),
        class: "danger",
    };
    dialog.draw(body)
}
