//! `/settings/users`: who may come in, and as what.

use super::{shown::shown, tabs::tabs};
use crate::api::PageError;
use crate::served::{
    Ask, Page,
    dialog::{Dialog, Field, hidden},
    parts::{ago, pill, records, refusal},
};
use domain::Permission;
use leptos::prelude::*;
use runs::access::{self, User};

/// Roles of people, and what each adds.
const ROLES: [(&str, &str); 4] = [
    ("viewer", "viewer: reads"),
    ("planner", "planner: runs actions and scenarios"),
    ("operator", "operator: starts and steers any run"),
    ("admin", "admin: everything"),
];

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::Administer)?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    let users = access::users(&mut tx).await?;
    let own = &ask.claims.subject;
    let rows = users.into_iter().map(|user| row(user, own)).collect();
    let body = html! {
        {tabs(ask)}
        {shown(ask, "users")}
        {records("Users", &["Person", "Role", "State", "Last came in", "Known since", ""], rows)}
    };
    Ok(Page::new(ask, "Users", body).actions(invite()))
}

fn row(user: User, own: &str) -> Vec<AnyView> {
    let is_self = user.user_id.to_string() == own;
    let state = match user.disabled_at {
        Some(_) => pill("shut out", "warn"),
        None => pill("may come in", "ok"),
    };
    let manage = manage(&user);
    vec![
        html! {
            {user.display_name}
            {is_self.then(|| html! { " " <span class="chip">"you"</span> })}
            <span class="note block">{user.email}</span>
        },
        user.role.into_any(),
        state,
        user.last_login_at.map_or_else(|| "never".into_any(), ago),
        ago(user.created_at),
        manage,
    ]
}

/// Role, link, door.
fn manage(user: &User) -> AnyView {
    let id = format!("user-{}", user.user_id);
    let user_id = user.user_id.to_string();
    let role = Field {
        form: &id,
        name: "role",
        label: "Role",
        help: "It counts from the next click on.",
    };
    let link = user.disabled_at.is_none().then(|| {
        html! {
            <form method="post" action="/fn/make_login_link" data-done="The link is made. Copy it now.">
                {refusal()} {hidden("user_id", user_id.clone())}
                <p class="note">"A link lets one browser in, once, within an hour: for somebody new, or without a password."</p>
                <button class="btn">"Make a login link"</button>
            </form>
        }
    });
    let door = match user.disabled_at {
        None => html! {
            <p class="note">"Whoever is shut out is logged out everywhere at once, and can be let in again."</p>
            {hidden("disabled", "true")}
            <button class="btn danger">"Shut out"</button>
        },
        Some(_) => html! { {hidden("disabled", "false")} <button class="btn">"Let in again"</button> },
    };
    let done = match user.disabled_at {
        None => "The person is shut out.",
        Some(_) => "The person may come in again.",
    };
    let body = html! {
        <form method="post" action="/fn/change_role" data-done="The role is changed.">
            {refusal()} {hidden("user_id", user_id.clone())} {role.choice(&ROLES, &user.role)}
            <button class="btn primary">"Change role"</button>
        </form>
        <hr />
        {link}
        {user.disabled_at.is_none().then(|| html! { <hr /> })}
        <form method="post" action="/fn/disable_user" data-done=done>{refusal()} {hidden("user_id", user_id.clone())} {door}</form>
    };
    let dialog = Dialog {
        button: "Manage",
        title: format!("Manage {}", user.email),
        class: "sm",
        id: id.clone(),
    };
    dialog.draw(body)
}

fn invite() -> AnyView {
    let field = |name, label, help| Field {
        form: "invite",
        name,
        label,
        help,
    };
    let body = html! {
        <form method="post" action="/fn/invite_user" data-done="The person is known. Copy the link now.">
            {refusal()}
            {field("email", "E-mail address", "").line("email", "", true)}
            {field("display_name", "Name", "What pages call the person; the part before @ when left out.").line("text", "", false)}
            {field("role", "Role", "").choice(&ROLES, "viewer")}
            <p class="note">"Nothing is sent. You get a link that lets the person in once, within an hour."</p>
            <button class="btn primary">"Invite"</button>
        </form>
    };
    let dialog = Dialog {
        id: "invite".to_owned(),
        button: "Invite",
        title: "Invite a person".to_owned(),
        class: "primary",
    };
    dialog.draw(body)
}
