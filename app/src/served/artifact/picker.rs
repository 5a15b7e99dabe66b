//! With which artifact to compare, and how it is laid out.

use super::Known;
use crate::served::Ask;
use crate::time;
use db::reads::ArtifactRow;
use leptos::prelude::*;
use uuid::Uuid;

/// The one that is asked for, else the newest earlier one.
pub(super) fn chosen(ask: &Ask, known: &Known) -> Option<Uuid> {
    let by_id = [ask.query("other"), ask.query("against")]
        .into_iter()
        .flatten()
        .find_map(|id| id.trim().rsplit('/').next()?.parse().ok());
    by_id.or_else(|| known.earlier.first().map(|earlier| earlier.artifact_id))
}

/// The form; `older` is what is compared with now.
pub(super) fn question(ask: &Ask, known: &Known, older: Option<&ArtifactRow>) -> AnyView {
    let present = older.map(|older| older.artifact_id);
    let option =
        |id: Uuid, label: String| html! { <option value=id.to_string() selected=Some(id) == present>{label}</option> };
    let earlier = known
        .earlier
        .iter()
        .map(|earlier| {
            let made = time::stamp(earlier.created_at.timestamp_millis());
            option(earlier.artifact_id, format!("{made} · {}", earlier.run_id))
        })
        .collect_view();
    let siblings = known
        .siblings
        .iter()
        .filter(|sibling| sibling.artifact_id != known.row.artifact_id)
        .map(|sibling| option(sibling.artifact_id, sibling.name.clone()))
        .collect_view();
    let is_listed = present.is_none_or(|id| {
        known.earlier.iter().any(|earlier| earlier.artifact_id == id)
            || known.siblings.iter().any(|sibling| sibling.artifact_id == id)
    });
    let unlisted = older
        .filter(|_| !is_listed)
        .map(|older| option(older.artifact_id, format!("{} · {}", older.name, older.run_id)));
    let choice = |name: &'static str, label: &'static str, options: &[(&'static str, &'static str)]| {
        let chosen = ask.query(name).unwrap_or_default().to_owned();
        let options = options
            .iter()
            .map(|(word, label)| html! { <option value=*word selected=*word == chosen>{*label}</option> })
            .collect_view();
        html! {
            <div class="form-field">
                <label for=format!("pick-{name}")>{label}</label>
                <select id=format!("pick-{name}") name=name>
                    {options}
                </select>
            </div>
        }
    };
    let view = ask.query("view").unwrap_or("diff").to_owned();
    let layouts: &[_] = if view == "compare" {
        &[("", "Side by side"), ("over", "Over each other")]
    } else {
        &[("", "One column"), ("split", "Two columns")]
    };
    let manner = (view != "compare").then(|| choice("as", "JSON", &[("", "By values"), ("lines", "As written")]));
    html! {
        <form class="row bar question" method="get" action=format!("/artifacts/{}", known.row.artifact_id) aria-label="Compare">
            <input type="hidden" name="view" value=view />
            <div class="form-field">
                <label for="pick-against">"With"</label>
                <select id="pick-against" name="against">
                    {unlisted}
                    <optgroup label="The same, from earlier runs">{earlier}</optgroup>
                    <optgroup label="Of this run">{siblings}</optgroup>
                </select>
            </div>
            <div class="form-field">
                <label for="pick-other">"Or any, by id or address"</label>
                <input id="pick-other" name="other" autocomplete="off" />
            </div>
            {choice("layout", "Layout", layouts)} {manner} <button class="btn">"Compare"</button>
        </form>
    }
}
