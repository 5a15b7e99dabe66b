//! `/settings/secrets`: names of values that steps are given. No value is ever shown.

use super::tabs::tabs;
use crate::api::PageError;
use crate::components::Empty;
use crate::served::{
    Ask, Page,
    dialog::{Dialog, Field, hidden},
    parts::{ago, records, refusal},
};
use domain::Permission;
use leptos::prelude::*;
use runs::secrets::{self, SecretRow};

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::Administer)?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    let rows: Vec<_> = secrets::list(&mut tx).await?.into_iter().map(row).collect();
    let list = if rows.is_empty() {
        html! { <Empty title="No secret is stored." hint="Templates ask for one by its name, as {{ secrets.NAME }}; logs show *** in its place." /> }
    } else {
        records("Secrets", &["Name", "Changed", "By", "Made", ""], rows)
    };
    let body = html! {
        {tabs(ask)} {list}
        <p class="note">"Values go in and never come out: not here, not over the API, not in logs."</p>
    };
    Ok(Page::new(ask, "Secrets", body).actions(create()))
}

fn row(secret: SecretRow) -> Vec<AnyView> {
    let buttons = html! { <span class="row end">{replace(&secret.name)} {forget(&secret.name)}</span> };
    vec![
        html! { <code>{secret.name}</code> },
        ago(secret.updated_at),
        secret.updated_by.unwrap_or_else(|| "–".to_owned()).into_any(),
        ago(secret.created_at),
        buttons,
    ]
}

fn value(form: &str) -> AnyView {
    let field = Field {
        form,
        name: "value",
        label: "Value",
        help: "4 characters to 16 KiB; lines are kept.",
    };
    field.area("", true)
}

fn replace(name: &str) -> AnyView {
    let id = format!("replace-{name}");
    let body = html! {
        <form method="post" action="/fn/put_secret" data-done="The secret is replaced.">
            <p class="note">"Steps that begin from now on are given the new value; the old one is gone."</p>
            {refusal()} {hidden("name", name)} {value(&id)}
            <button class="btn primary">"Replace value"</button>
        </form>
    };
    let dialog = Dialog {
        id: id.clone(),
        button: "Replace",
        title: format!("Replace {name}"),
        class: "sm",
    };
    dialog.draw(body)
}

fn forget(name: &str) -> AnyView {
    let body = html! {
        <form method="post" action="/fn/delete_secret" data-done="The secret is deleted.">
            <p class="note">"Steps that name it fail from now on. This cannot be undone."</p>
            {refusal()} {hidden("name", name)}
            <button class="btn danger">"Delete secret"</button>
        </form>
    };
    let dialog = Dialog {
        id: format!("delete-{name}"),
        button: "Delete",
        title: format!("Delete {name}"),
        class: "sm",
    };
    dialog.draw(body)
}

fn create() -> AnyView {
    let name = Field {
        form: "new-secret",
        name: "name",
        label: "Name",
        help: "Letters, digits and _, no digit first. A secret of this name is replaced.",
    };
    let body = html! {
        <form method="post" action="/fn/put_secret" data-done="The secret is stored.">
            {refusal()} {name.line("text", "", true)} {value("new-secret")}
            <button class="btn primary">"Store secret"</button>
        </form>
    };
    let dialog = Dialog {
        id: "new-secret".to_owned(),
        button: "Store a secret",
        title: "Store a secret".to_owned(),
        class: "primary",
    };
    dialog.draw(body)
}
