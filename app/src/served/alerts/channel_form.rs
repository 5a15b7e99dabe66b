//! The form of a channel.

use super::{channel, severity_choices};
use crate::api::PageError;
use crate::served::{Ask, Page, fields::Filled, parts::refusal};
use domain::Permission;
use leptos::prelude::*;
use runs::alerts::{self, ChannelRow, channels};

/// `/alerts/channels/new`.
pub(super) async fn new(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::Administer)?;
    let filled = Filled::of(ask, || {
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![of("min_severity", "info"), of("enabled", "true")]
    });
    let body = form(ask, &filled, None).await?;
    Ok(Page::new(ask, "New channel", body).narrow())
}

/// `/alerts/channels/{id}/edit`.
pub(super) async fn edit(ask: &Ask, id: &str) -> Result<Page, PageError> {
    let row = channel::read(ask, id).await?;
    let filled = Filled::of(ask, || {
        let mut stored = vec![
            ("name".to_owned(), row.name.clone()),
            ("url".to_owned(), row.url.clone()),
            ("min_severity".to_owned(), row.min_severity.clone()),
            ("enabled".to_owned(), row.enabled.to_string()),
        ];
        let kinds = row.kinds.iter().flatten();
        stored.extend(kinds.map(|kind| (format!("kinds[{kind}]"), "true".to_owned())));
        stored
    });
    let body = form(ask, &filled, Some(&row)).await?;
    Ok(Page::new(ask, format!("Edit {}", row.name), body).narrow())
}

async fn form(ask: &Ask, filled: &Filled, row: Option<&ChannelRow>) -> Result<AnyView, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let rules = alerts::rules(&mut tx).await?;
    drop(tx);
    let kinds = rules
        .into_iter()
        .map(|rule| {
            let name = format!("kinds[{}]", rule.kind);
            let id = format!("kind-{}", rule.kind);
            let is_on = filled.is_on(&name);
            html! {
                <div class="option">
                    <input type="checkbox" name=name id=id.clone() value="true" checked=is_on />
                    <label for=id>{rule.title}</label>
                </div>
            }
        })
        .collect_view();
    let known = row.map(|row| html! { <input type="hidden" name="channel_id" value=row.channel_id.to_string() /> });
    let secret = row.is_none().then(|| {
        html! {
            <div class="form-field">
                <label for="secret">"Secret"</label>
                <input id="secret" name="secret" autocomplete="off" value=channels::random_secret() aria-describedby="secret-help" />
                <p class="help" id="secret-help">
                    "Signs its messages, in the header X-Runboard-Signature. Copy it to the receiver now, or write one of your own: it is not shown again."
                </p>
            </div>
        }
    });
    let back = row.map_or_else(
        || "/alerts".to_owned(),
        |row| format!("/alerts/channels/{}", row.channel_id),
    );
    Ok(html! {
        <form class="card pane" method="post" action="/fn/save_alert_channel" data-done="The channel is saved. Send a test to see what it says.">
            {refusal()} {known}
            {filled.entry("name", "Name").required().line()}
            {filled.entry("url", "Address").required().help("The http or https address of a webhook. Slack understands the messages.").of_type("url")}
            {secret}
            <fieldset class="group">
                <legend>"Hears of"</legend>
                <p class="help">"Tick none to hear of every rule, also of those that are still to come."</p>
                {kinds}
            </fieldset>
            {filled.entry("min_severity", "From which severity on").choice(severity_choices())}
            {filled.entry("enabled", "On").help("A channel that is off hears of nothing; a test still reaches it.").flag()}
            <div class="row">
                <button class="btn primary">"Save channel"</button> <a class="btn" href=back>"Back"</a>
            </div>
        </form>
    })
}
