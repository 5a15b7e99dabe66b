//! `/settings/tokens`: what lets programs in.

use super::{shown::shown, tabs::tabs};
use crate::api::PageError;
use crate::components::Empty;
use crate::served::{
    Ask, Page,
    dialog::{Dialog, Field, hidden},
    parts::{ago, pill, records, refusal},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Permission;
use leptos::prelude::*;
use runs::access::{self, TokenRow};

/// Roles of tokens, and what each may.
const ROLES: [(&str, &str); 5] = [
    ("viewer", "viewer: reads"),
    ("planner", "planner: runs actions and scenarios"),
    ("operator", "operator: starts and steers any run"),
    ("admin", "admin: everything"),
    ("worker", "worker: claims runs, nothing else"),
];
/// What has ended is listed for so long.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::Administer)?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    let now = ask.services.now();
    let tokens = access::tokens(&mut tx).await?;
    let rows: Vec<_> = tokens
        .into_iter()
        .filter(|token| ended(token, now).is_none_or(|end| now - end < REMEMBERED))
        .map(|token| row(&token, now))
        .collect();
    let list = if rows.is_empty() {
        html! { <Empty title="No program has a token." hint="Make one for each program, so that each can be taken back alone." /> }
    } else {
        let headings = [
            "Token",
            "State",
            "Role",
            "Limited to",
            "Last used",
            "Ends",
            "Made by",
            "",
        ];
        records("Tokens", &headings, rows)
    };
    let body = html! { {tabs(ask)} {shown(ask, "tokens")} {list} };
    Ok(Page::new(ask, "Tokens", body).actions(create()))
}

/// When it stopped to be good.
fn ended(token: &TokenRow, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let expired = token.expires_at.filter(|end| *end <= now);
    token.revoked_at.or(expired)
}

fn row(token: &TokenRow, now: DateTime<Utc>) -> Vec<AnyView> {
    let state = match (token.revoked_at, ended(token, now)) {
        (Some(_), _) => pill("revoked", "idle"),
        (None, Some(_)) => pill("expired", "idle"),
        (None, None) => pill("good", "ok"),
    };
    let is_good = ended(token, now).is_none();
    vec![
        html! { {token.name.clone()} <span class="note block"><code>{token.prefix.clone()} "…"</code></span> },
        state,
        token.role.clone().into_any(),
        limits(token).into_any(),
        token.last_used_at.map_or_else(|| "never".into_any(), ago),
        token
            .revoked_at
            .or(token.expires_at)
            .map_or_else(|| "never".into_any(), ago),
        html! { {token.created_by.clone()} <span class="note block">{ago(token.created_at)}</span> },
        is_good
            .then(|| html! { <span class="row end">{rotate(token)} {revoke(token)}</span> })
            .into_any(),
    ]
}

fn limits(token: &TokenRow) -> String {
    let of =
        |what: &str, names: &Option<Vec<String>>| names.as_ref().map(|names| format!("{what} {}", names.join(", ")));
    let parts: Vec<String> = [of("actions", &token.actions), of("spreadsheets", &token.spreadsheets)]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        "not limited".to_owned()
    } else {
        parts.join("; ")
    }
}

fn rotate(token: &TokenRow) -> AnyView {
    let id = format!("rotate-{}", token.token_id);
    let most = i32::try_from(access::LONGEST_OVERLAP.num_hours()).unwrap_or(i32::MAX);
    let overlap = Field {
        form: &id,
        name: "overlap_hours",
        label: "The old one stays good for, hours",
        help: "Time to tell every program. 0: it ends at once.",
    };
    let body = html! {
        <form method="post" action="/fn/rotate_token" data-done="The new token is made. Copy it now.">
            <p class="note">"A new token that may do the same takes its place."</p>
            {refusal()} {hidden("token_id", token.token_id.to_string())} {hidden("name", token.name.clone())}
            {overlap.number(Some(1), (0, most))}
            <button class="btn primary">"Rotate token"</button>
        </form>
    };
    let dialog = Dialog {
        button: "Rotate",
        title: format!("Rotate {}", token.name),
        class: "sm",
        id: id.clone(),
    };
    dialog.draw(body)
}

fn revoke(token: &TokenRow) -> AnyView {
    let body = html! {
        <form method="post" action="/fn/revoke_token" data-done="The token lets nobody in any more.">
            <p class="note">"Every program that sends it is refused from now on. This cannot be undone."</p>
            {refusal()} {hidden("token_id", token.token_id.to_string())}
            <button class="btn danger">"Revoke token"</button>
        </form>
    };
    let dialog = Dialog {
        id: format!("revoke-{}", token.token_id),
        button: "Revoke",
        title: format!("Revoke {}", token.name),
        class: "sm",
    };
    dialog.draw(body)
}

fn create() -> AnyView {
    let field = |name, label, help| Field {
        form: "new-token",
        name,
        label,
        help,
    };
    let actions = runs::actions::registry()
        .iter()
        .map(|action| {
            html! {
                <label class="check">
                    <input type="checkbox" name="actions[]" value=action.name />
                    <code>{action.name}</code>
                </label>
            }
        })
        .collect_view();
    let body = html! {
        <form method="post" action="/fn/create_token" data-done="The token is made. Copy it now.">
            {refusal()}
            {field("name", "Name", "Which program, and where it runs.").line("text", "", true)}
            {field("role", "Role", "").choice(&ROLES, "viewer")}
            {field("expires_on", "Last day", "Empty: it does not end by itself.").line("date", "", false)}
            <details class="more">
                <summary>"Limit it"</summary>
                <fieldset>
                    <legend>"Only these actions"</legend>
                    {actions}
                </fieldset>
                {field("spreadsheets", "Only these spreadsheets", "Their ids, one per line.").area("", false)}
            </details>
            <button class="btn primary">"Make token"</button>
        </form>
    };
    let dialog = Dialog {
        id: "new-token".to_owned(),
        button: "Make a token",
        title: "Make a token".to_owned(),
        class: "primary",
    };
    dialog.draw(body)
}
