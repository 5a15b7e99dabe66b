//! Giving an artifact to somebody without a login.

use crate::once;
use crate::served::Ask;
use crate::served::parts::refusal;
use db::reads::ArtifactRow;
use domain::Permission;
use leptos::prelude::*;

/// How long a link opens: seconds, words.
const SPANS: [(i64, &str); 3] = [(3600, "an hour"), (86_400, "a day"), (604_800, "a week")];

/// The form, and the link that was just made.
pub(super) fn share(ask: &Ask, row: &ArtifactRow) -> Option<AnyView> {
    if !ask.may(Permission::ManageRuns) {
        return None;
    }
    let made = once::take(&ask.services, &ask.claims, &row.artifact_id.to_string());
    let is_made = made.is_some();
    let made = made.map(|made| {
        html! {
            <p class="strong">"Copy it now: it is not shown again."</p>
            <div class="row tight">
                <code id="made-link">{made.text}</code>
                <button type="button" class="btn sm" data-copy="made-link">"Copy"</button>
            </div>
            <p class="note">{made.note}</p>
        }
    });
    let spans = SPANS
        .iter()
        .map(|(seconds, words)| html! { <option value=seconds.to_string()>{*words}</option> })
        .collect_view();
    Some(html! {
        <details class="more" open=is_made>
            <summary>"Give it to somebody without a login"</summary>
            <form method="post" action="/fn/share_artifact" class="row bar question" data-done="The link is made.">
                <input type="hidden" name="artifact_id" value=row.artifact_id.to_string() />
                <div class="form-field">
                    <label for="share-span">"It opens for"</label>
                    <select id="share-span" name="expires_seconds">
                        {spans}
                    </select>
                </div>
                <button class="btn">"Make link"</button>
                {refusal()}
            </form>
            {made}
        </details>
    })
}
