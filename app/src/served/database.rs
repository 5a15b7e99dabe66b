//! `/health/db`: how the database is, number by number, with what to do.

use super::{
    Ask, Page,
    parts::{ago, bytes, pill, records},
};
use crate::api::PageError;
use crate::time;
use db::health::TableHealth;
use domain::Permission;
use leptos::prelude::*;
use runs::health::{self, Finding, Verdict};

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::ManageRuns)?;
    let numbers = db::health::read(ask.services.pool()).await?;
    let findings = health::judge(&numbers);
    let (word, tone) = words(health::overall(&findings));
    let version = format!("Postgres {}.{}", numbers.version / 10_000, numbers.version % 10_000);
    let partitions = numbers
        .partitions
        .into_iter()
        .map(|(table, count)| html! { <div><dt>{table}</dt><dd>{count}</dd></div> })
        .collect_view();
    let body = html! {
        <p class="row">
            {pill(word, tone)} <span class="note">{version}</span>
        </p>
        {records("Numbers", &["Number", "State", "What it says", "What to do"], findings.into_iter().map(finding).collect())}
        <h2>"Largest tables"</h2>
        {records(
            "Largest tables",
            &["Table", ">Size", ">Indexes", ">Rows", ">Dead rows", "Vacuumed"],
            numbers.tables.into_iter().map(one_table).collect(),
        )}
        <h2>"Partitions"</h2>
        <dl class="facts-list card pane">{partitions}</dl>
    };
    Ok(Page::new(ask, "Database", body).fresh(15))
}

fn words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Ok => ("healthy", "ok"),
        Verdict::Unknown => ("not visible", "idle"),
        Verdict::Watch => ("watch", "warn"),
        Verdict::Act => ("act", "bad"),
    }
}

fn finding(finding: Finding) -> Vec<AnyView> {
    let (word, tone) = words(finding.verdict);
    let todo = finding.todo.unwrap_or_else(|| "–".to_owned());
    vec![
        finding.name.replace('_', " ").into_any(),
        pill(word, tone),
        html! { <span class="wrap">{finding.says}</span> },
        html! { <span class="wrap">{todo}</span> },
    ]
}

fn one_table(table: TableHealth) -> Vec<AnyView> {
    vec![
        table.name.into_any(),
        bytes(table.bytes).into_any(),
        bytes(table.index_bytes).into_any(),
        time::count(table.live_rows).into_any(),
        time::count(table.dead_rows).into_any(),
        table.vacuumed_at.map_or_else(|| "never".into_any(), ago),
    ]
}
