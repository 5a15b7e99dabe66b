//! The versions of a template, and what changed between two of them.

use crate::api::PageError;
use crate::components::Empty;
use crate::served::{
    Ask, diff,
    parts::{ago, table},
};
use db::{PgConnection, reads::VersionRow};
use leptos::prelude::*;

/// Every version, with the question which two to compare.
pub(super) fn list(ask: &Ask, slug: &str, history: Vec<VersionRow>, newest: i32) -> AnyView {
    let numbers: Vec<i32> = history.iter().map(|row| row.version).collect();
    let rows = history.into_iter().map(|row| version(row, slug, newest)).collect();
    let question = (numbers.len() > 1).then(|| question(ask, slug, &numbers, newest));
    html! { {table("Versions", &["Version", "Saved", "By", ""], rows)} {question} }
}

fn version(row: VersionRow, slug: &str, newest: i32) -> AnyView {
    let number = row.version;
    let address = format!("/templates/{slug}?version={number}");
    let before = (number > 1).then(|| {
        let address = format!("/templates/{slug}?from={}&to={number}#changes", number - 1);
        html! { <a href=address aria-label=format!("Changes of version {number}")>"Changes"</a> }
    });
    html! {
        <tr>
            <th scope="row">
                <a href=address>{format!("Version {number}")}</a>
                {(number == newest).then_some(" newest")}
            </th>
            <td>{ago(row.created_at)}</td>
            <td>{row.created_by.unwrap_or_else(|| "the server".to_owned())}</td>
            <td class="r">{before}</td>
        </tr>
    }
}

fn question(ask: &Ask, slug: &str, numbers: &[i32], newest: i32) -> AnyView {
    let select = |key: &'static str, label: &'static str, default: i32| {
        let chosen = ask.query(key).and_then(|number| number.parse().ok()).unwrap_or(default);
        let options = numbers
            .iter()
            .map(|number| {
                html! { <option value=number.to_string() selected=*number == chosen>{format!("version {number}")}</option> }
            })
            .collect_view();
        html! { <label class="inline">{label} <select name=key id=format!("compare-{key}")>{options}</select></label> }
    };
    let is_split = ask.query("view") == Some("split");
    html! {
        <form class="row compare" method="get" action=format!("/templates/{slug}") aria-label="Compare versions">
            {select("from", "From", newest - 1)} {select("to", "to", newest)}
            <label class="inline">
                "shown"
                <select name="view" id="compare-view">
                    <option value="">"in one column"</option>
                    <option value="split" selected=is_split>
                        "side by side"
                    </option>
                </select>
            </label>
            <button class="btn">"Compare"</button>
        </form>
    }
}

/// What changed between the two versions that the address names.
pub(super) async fn compared(
    ask: &Ask,
    conn: &mut PgConnection,
    slug: &str,
    newest: i32,
) -> Result<Option<AnyView>, PageError> {
    let Some(from) = ask.query("from").and_then(|number| number.parse().ok()) else {
        return Ok(None);
    };
    let to = ask.query("to").and_then(|number| number.parse().ok()).unwrap_or(newest);
    let missing = || PageError::not_found("version");
    let old = runs::read::template(conn, slug, Some(from))
        .await?
        .ok_or_else(missing)?;
    let new = runs::read::template(conn, slug, Some(to)).await?.ok_or_else(missing)?;
    let names = [from, to].map(|number| format!("version {number}"));
    let found = runs::template::diff((&names[0], &old.source), (&names[1], &new.source));
    let changes = if found.text.is_empty() {
        html! { <Empty title="Nothing changed." hint="The two texts are the same." /> }
    } else {
        diff::draw(&found.text, &names, ask.query("view") == Some("split"))
    };
    let title = format!("From {} to {}", names[0], names[1]);
    Ok(Some(html! {
        <h2 id="changes">{title}</h2>
        <p class="note">{format!("{} lines added, {} removed.", found.added_count, found.removed_count)}</p>
        {changes}
    }))
}
