//! `/audit`: who did what, newest first.

mod object;

use super::{
    Ask, Page,
    dialog::Field,
    parts::{ago, records},
};
use crate::api::PageError;
use crate::components::Empty;
use chrono::{DateTime, NaiveDate, Utc};
use db::audit::{AuditFilter, AuditRow};
use domain::Permission;
use leptos::prelude::*;
use object::Names;

/// Acts on one page.
const SHOWN: i64 = 100;

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::Administer)?;
    let of = |key| ask.query(key).map(str::to_owned);
    let filter = AuditFilter {
        actor: of("actor"),
        verb: of("verb"),
        object_kind: of("object_kind"),
        object_id: of("object_id"),
        from: day(ask, "from")?,
        to: day(ask, "to")?.map(|to| to + chrono::Days::new(1)),
        before: ask.query("before").and_then(|before| before.parse().ok()),
    };
    let mut tx = ask.services.begin(&ask.claims).await?;
    let rows = runs::audit::list(&mut tx, &filter, SHOWN).await?;
    let names = Names::read(&mut tx).await?;
    let older = rows
        .last()
        .filter(|_| rows.len() as i64 == SHOWN)
        .map(|row| ask.address_with("before", Some(&row.audit_id.to_string())));
    let list = if rows.is_empty() {
        html! { <Empty title="Nothing fits." hint="Every act of a person is kept here. Ask for less, or look at all of it." /> }
    } else {
        let headings = ["Who", "When", "Did what", "To what", "Details"];
        records(
            "Acts",
            &headings,
            rows.into_iter().map(|act| row(act, &names)).collect(),
        )
    };
    let body = html! {
        {question(ask)} {list}
        <nav class="row pager" aria-label="Pages">
            {ask.query("before").map(|_| html! { <a class="btn" href=ask.address_with("before", None)>"Newest"</a> })}
            <span class="grow"></span>
            {older.map(|href| html! { <a class="btn" href=href rel="next">"Older"</a> })}
        </nav>
    };
    let export = html! { <a class="btn" href="/api/audit/export" rel="external" download="">"Export"</a> };
    Ok(Page::new(ask, "Audit", body).actions(export))
}

fn question(ask: &Ask) -> AnyView {
    let asked = |key| ask.query(key).unwrap_or_default();
    let field = |name, label| Field {
        form: "ask",
        name,
        label,
        help: "",
    };
    let kinds: Vec<(&str, &str)> = std::iter::once(("", "anything"))
        .chain(object::KINDS.iter().map(|(kind, name, _)| (*kind, *name)))
        .collect();
    html! {
        <form class="question" method="get" action="/audit" role="search" aria-label="Acts">
            {field("actor", "Who").line("text", asked("actor"), false)}
            {field("verb", "Did what").line("text", asked("verb"), false)}
            {field("object_kind", "To what kind").choice(&kinds, asked("object_kind"))}
            {field("object_id", "To which").line("text", asked("object_id"), false)}
            {field("from", "From").line("date", asked("from"), false)}
            {field("to", "To").line("date", asked("to"), false)}
            <div class="row">
                <button class="btn primary">"Find"</button>
                <a class="btn quiet" href="/audit">"All"</a>
            </div>
        </form>
    }
}

fn day(ask: &Ask, key: &str) -> Result<Option<DateTime<Utc>>, PageError> {
    let Some(text) = ask.query(key) else { return Ok(None) };
    let day: Option<NaiveDate> = text.parse().ok();
    match day.and_then(|day| day.and_hms_opt(0, 0, 0)) {
        Some(day) => Ok(Some(day.and_utc())),
        None => Err(PageError::new(
            422,
            "invalid_field",
            format!("{text:?} is not a day."),
            Some("Write it as 2026-01-31."),
        )),
    }
}

fn row(row: AuditRow, names: &Names) -> Vec<AnyView> {
    let detail = row
        .detail
        .filter(|detail| *detail != serde_json::json!({}))
        .map(|detail| {
            html! {
                <details id=format!("act-{}", row.audit_id)>
                    <summary>"Show"</summary>
                    <pre>{serde_json::to_string_pretty(&detail).unwrap_or_default()}</pre>
                </details>
            }
        });
    vec![
        html! { {row.actor} <span class="note block">{row.role} ", " {row.via}</span> },
        ago(row.at),
        row.verb.replace('_', " ").into_any(),
        object::link(&row.object_kind, &row.object_id, names),
        detail.into_any(),
    ]
}
