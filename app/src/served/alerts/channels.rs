//! Who hears of alerts.

use crate::api::PageError;
use crate::components::Empty;
use crate::served::parts::{pill, records};
use db::PgConnection;
use leptos::prelude::*;
use runs::alerts::{self, ChannelRow, DeliveryRow, channels};

/// Every channel with what became of its last message.
pub(super) async fn list(conn: &mut PgConnection) -> Result<AnyView, PageError> {
    let mut rows = Vec::new();
    for channel in channels::list(conn).await? {
        let last = alerts::deliveries(conn, channel.channel_id, None, 1).await?.pop();
        rows.push(row(&channel, last));
    }
    if rows.is_empty() {
        return Ok(html! {
            <div class="card">
                <Empty title="Nobody hears of alerts." hint="A channel is a webhook, such as that of Slack: it hears when something is wrong, and when it is over." />
            </div>
        });
    }
    let headings = ["Channel", "State", "Address", "Hears of", "Last message"];
    Ok(records("Channels", &headings, rows))
}

fn row(channel: &ChannelRow, last: Option<DeliveryRow>) -> Vec<AnyView> {
    let last = last.map_or_else(
        || html! { <span class="note">"none yet"</span> },
        |last| html! { {outcome(&last)} " " <span class="note">{last.event.clone()}</span> },
    );
    vec![
        html! { <a href=format!("/alerts/channels/{}", channel.channel_id)>{channel.name.clone()}</a> },
        state(channel),
        html! { <p class="address cut" title=channel.url.clone()>{channel.url.clone()}</p> },
        html! { <p class="wide-text">{hears(channel)}</p> },
        last,
    ]
}

/// Whether it hears anything.
pub(super) fn state(channel: &ChannelRow) -> AnyView {
    if channel.enabled {
        pill("on", "ok")
    } else {
        pill("off", "idle")
    }
}

/// Which rules, and how bad it must be.
pub(super) fn hears(channel: &ChannelRow) -> String {
    let kinds = match &channel.kinds {
        Some(kinds) => kinds.join(", ").replace('_', " "),
        None => "every rule".to_owned(),
    };
    match channel.min_severity.as_str() {
        "info" => kinds,
        severity => format!("{kinds}, {severity} or worse"),
    }
}

/// What became of a message.
pub(super) fn outcome(delivery: &DeliveryRow) -> AnyView {
    if delivery.delivered_at.is_some() {
        pill("accepted", "ok")
    } else if delivery.gave_up_at.is_some() {
        pill("not accepted", "bad")
    } else if delivery.try_count > 0 {
        pill("will be tried again", "warn")
    } else {
        pill("on its way", "run")
    }
}
