//! `/health/db`: how the database is, number by number, with what to do.

use super::{
    Ask, Page,
    parts::{ago, bytes, pill, table},
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
        {table("Numbers", &["Number", "State", "What it says", "What to do"], findings.into_iter().map(finding).collect())}
        <h2>"Largest tables"</h2>
        {table(
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

fn finding(finding: Finding) -> AnyView {
    let (word, tone) = words(finding.verdict);
    html! {
        <tr>
            <th scope="row">{finding.name.replace('_', " ")}</th>
            <td>{pill(word, tone)}</td>
            <td class="wrap">{finding.says}</td>
            <td class="wrap">{finding.todo.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}

fn one_table(table: TableHealth) -> AnyView {
    html! {
        <tr>
            <th scope="row">{table.name}</th>
            <td class="r">{bytes(table.bytes)}</td>
            <td class="r">{bytes(table.index_bytes)}</td>
            <td class="r">{time::count(table.live_rows)}</td>
            <td class="r">{time::count(table.dead_rows)}</td>
            <td>{table.vacuumed_at.map_or_else(|| "never".into_any(), ago)}</td>
        </tr>
    }
}
