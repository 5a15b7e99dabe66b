//! One channel: where it listens, a test that says what happened, and what became of its messages.

use super::channels::{hears, outcome, state};
use crate::api::PageError;
use crate::served::{
    Ask, Page,
    confirm::Confirm,
    parts::{ago, records, refusal},
};
use domain::Permission;
use leptos::prelude::*;
use runs::alerts::{self, ChannelRow, DeliveryRow, channels};

/// Messages shown.
const SHOWN: i64 = 50;

/// The page.
pub(super) async fn page(ask: &Ask, id: &str) -> Result<Page, PageError> {
    let channel = read(ask, id).await?;
    let before = ask.query("before").and_then(|before| before.parse().ok());
    let mut tx = ask.services.begin(&ask.claims).await?;
    let log = alerts::deliveries(&mut tx, channel.channel_id, before, SHOWN).await?;
    drop(tx);
    let acts = html! {
        <div class="row bar">
            <form method="post" action="/fn/test_alert_channel" data-done="The test was sent: its answer stands on the page.">
                <input type="hidden" name="channel_id" value=channel.channel_id.to_string() />
                {refusal()}
                <button class="btn primary" id="send-test">"Send a test"</button>
            </form>
            <span class="grow"></span>
            <a class="btn" href=format!("/alerts/channels/{}/edit", channel.channel_id)>"Edit"</a>
            {rotate(&channel)} {delete(&channel)}
        </div>
    };
    let body = html! {
        {acts}
        <dl class="facts-list card pane">
            <div><dt>"Address"</dt><dd class="cut" title=channel.url.clone()>{channel.url.clone()}</dd></div>
            <div><dt>"State"</dt><dd>{state(&channel)}</dd></div>
            <div><dt>"Hears of"</dt><dd>{hears(&channel)}</dd></div>
            <div><dt>"Changed"</dt><dd>{ago(channel.updated_at)} " by " {channel.updated_by.clone()}</dd></div>
        </dl>
        {last_test(&log)}
        <h2>"Messages"</h2>
        {messages(ask, &log)}
    };
    Ok(Page::new(ask, channel.name, body).fresh(5))
}

/// The channel of the address.
pub(super) async fn read(ask: &Ask, id: &str) -> Result<ChannelRow, PageError> {
    ask.require(Permission::Administer)?;
    let gone = || PageError::not_found("channel");
    let id = id.parse().map_err(|_| gone())?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    channels::channel(&mut tx, id).await?.ok_or_else(gone)
}

/// Says exactly what the newest test came to.
fn last_test(log: &[DeliveryRow]) -> Option<AnyView> {
    let test = log.iter().find(|delivery| delivery.event == "test")?;
    let words = match (test.last_status, &test.last_error) {
        (Some(status), _) if test.delivered_at.is_some() => {
            format!("The webhook accepted the test with status {status}.")
        }
        (Some(status), _) => {
            format!("The webhook refused the test with status {status}: only 2xx means that it was accepted.")
        }
        (None, Some(error)) => format!("The webhook was not reached: {error}."),
        (None, None) => "The webhook did not answer.".to_owned(),
    };
    Some(html! {
        <section class="card pane" aria-label="Last test">
            <p class="row tight">{outcome(test)} <span class="strong">{words}</span> <span class="note">{ago(test.created_at)}</span></p>
            {said(test)}
        </section>
    })
}

fn said(delivery: &DeliveryRow) -> Option<AnyView> {
    let answer = delivery.last_answer.clone().filter(|answer| !answer.is_empty())?;
    Some(html! { <p class="note">"It answered"</p> <pre class="text">{answer}</pre> })
}

fn messages(ask: &Ask, log: &[DeliveryRow]) -> AnyView {
    if log.is_empty() {
        return html! { <p class="note">"Nothing was sent yet. Send a test to see what the webhook says."</p> };
    }
    let older = log.last().filter(|_| log.len() as i64 == SHOWN);
    let older = older.map(|row| ask.address_with("before", Some(&row.delivery_id.to_string())));
    let headings = [
        "What",
        "Sent",
        "Outcome",
        ">Tries",
        ">Status",
        "Tried again",
        "What came back",
    ];
    html! {
        {records("Messages", &headings, log.iter().map(message).collect())}
        <nav class="row pager" aria-label="Pages">
            {ask.query("before").map(|_| html! { <a class="btn" href=ask.address_with("before", None)>"Newest"</a> })}
            <span class="grow"></span>
            {older.map(|href| html! { <a class="btn" href=href rel="next">"Older"</a> })}
        </nav>
    }
}

fn message(delivery: &DeliveryRow) -> Vec<AnyView> {
    let what = match (delivery.event.as_str(), delivery.alert_id) {
        ("test", _) => "test".to_owned(),
        ("opened", Some(id)) => format!("alert {id} opened"),
        (_, Some(id)) => format!("alert {id} is over"),
        (event, None) => event.to_owned(),
    };
    let back = match (&delivery.last_error, &delivery.last_answer) {
        (Some(error), _) => error.clone().into_any(),
        (None, Some(answer)) if !answer.is_empty() => html! { <code>{answer.clone()}</code> },
        _ => "–".into_any(),
    };
    let status = delivery
        .last_status
        .map_or_else(|| "–".to_owned(), |status| status.to_string());
    vec![
        what.into_any(),
        ago(delivery.created_at),
        outcome(delivery),
        delivery.try_count.into_any(),
        status.into_any(),
        delivery.next_try_at.map_or_else(|| "–".into_any(), ago),
        html! { <p class="wide-text">{back}</p> },
    ]
}

/// The new secret is drawn here, so that whoever saves it can copy it: afterwards nobody sees it again.
fn rotate(channel: &ChannelRow) -> AnyView {
    html! {
        <button type="button" class="btn" id="rotate-open" popovertarget="rotate">"New secret"</button>
        <div popover="auto" id="rotate" class="dialog ask" role="dialog" aria-label="New secret">
            <form method="post" action="/fn/rotate_alert_secret" data-done="Messages are signed with the new secret.">
                <p class="strong">"Sign with a new secret?"</p>
                <p class="note">"Copy it to the receiver first: it is not shown again, and messages are signed with it at once."</p>
                {refusal()}
                <input type="hidden" name="channel_id" value=channel.channel_id.to_string() />
                <div class="form-field">
                    <label for="new-secret">"Secret"</label>
                    <input id="new-secret" name="secret" required=true autocomplete="off" value=channels::random_secret() />
                </div>
                <button class="btn primary">"Use this secret"</button>
            </form>
        </div>
    }
}

fn delete(channel: &ChannelRow) -> AnyView {
    Confirm {
        id: "delete-channel".to_owned(),
        verb: "Delete",
        question: format!("Delete {}?", channel.name),
        note: "It hears of nothing any more, and the log of its messages goes with it.",
        action: "/fn/delete_alert_channel",
        about: ("channel_id", channel.channel_id.to_string()),
        done: "The channel is gone.",
    }
    .draw()
}
