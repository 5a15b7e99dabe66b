//! `/audit`: who did what, newest first.

use super::{
    Ask, Page,
    parts::{ago, table},
};
use crate::api::PageError;
use crate::components::Empty;
use chrono::{DateTime, NaiveDate, Utc};
use db::audit::{AuditFilter, AuditRow};
use domain::Permission;
use leptos::prelude::*;

/// Acts on one page.
const SHOWN: i64 = 100;
/// What the question may name: key, label.
const FIELDS: [(&str, &str); 4] = [
    ("actor", "Who"),
    ("verb", "Did what"),
    ("object_kind", "To what kind"),
    ("object_id", "To which"),
];

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
    let older = rows
        .last()
        .filter(|_| rows.len() as i64 == SHOWN)
        .map(|row| ask.address_with("before", Some(&row.audit_id.to_string())));
    let list = if rows.is_empty() {
        html! { <Empty title="Nothing fits." hint="Every act of a person is kept here. Ask for less, or look at all of it." /> }
    } else {
        let headings = ["When", "Who", "Did what", "To what", "Details"];
        table("Acts", &headings, rows.into_iter().map(row).collect())
    };
    let body = html! {
        {question(ask)} {list}
        <nav class="row pager" aria-label="Pages">
            {ask.query("before").map(|_| html! { <a class="btn" href=ask.address_with("before", None)>"Newest"</a> })}
            <span class="grow"></span>
            {older.map(|href| html! { <a class="btn" href=href rel="next">"Older"</a> })}
        </nav>
    };
    Ok(Page::new(ask, "Audit", body))
}

fn question(ask: &Ask) -> AnyView {
    let fields = FIELDS
        .into_iter()
        .map(|(key, label)| {
            let id = format!("ask-{key}");
            html! {
                <div class="form-field">
                    <label for=id.clone()>{label}</label>
                    <input id=id name=key value=ask.query(key).unwrap_or_default().to_owned() autocomplete="off" />
                </div>
            }
        })
        .collect_view();
    let days = [("from", "From"), ("to", "To")]
        .into_iter()
        .map(|(key, label)| {
            let id = format!("ask-{key}");
            html! {
                <div class="form-field">
                    <label for=id.clone()>{label}</label>
                    <input id=id type="date" name=key value=ask.query(key).unwrap_or_default().to_owned() />
                </div>
            }
        })
        .collect_view();
    html! {
        <form class="row bar question" method="get" action="/audit" role="search" aria-label="Acts">
            {fields} {days} <button class="btn">"Find"</button> <a class="btn quiet" href="/audit">"All"</a>
            <a class="btn quiet" href="/api/audit/export" rel="external" download="">"Export"</a>
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

fn row(row: AuditRow) -> AnyView {
    let object = match row.object_kind.as_str() {
        "run" => html! { <a href=format!("/runs/{}", row.object_id)><code>{row.object_id.clone()}</code></a> },
        kind => html! { {kind.to_owned()} " " <code>{row.object_id}</code> },
    };
    let detail = row.detail.map(|detail| {
        html! {
            <details>
                <summary>"Show"</summary>
                <pre>{serde_json::to_string_pretty(&detail).unwrap_or_default()}</pre>
            </details>
        }
    });
    html! {
        <tr>
            <td>{ago(row.at)}</td>
            <th scope="row">{row.actor} <span class="note">" " {row.role} ", " {row.via}</span></th>
            <td>{row.verb.replace('_', " ")}</td>
            <td>{object}</td>
            <td>{detail}</td>
        </tr>
    }
}
