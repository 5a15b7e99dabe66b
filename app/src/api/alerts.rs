//! What admins do to alert rules and to the webhooks that hear of alerts.

use super::{FieldProblem, PageError};
use db::DbError;
use domain::Permission;
use leptos::prelude::*;
use runs::alerts::{self, channels, channels::ChannelError};
use runs::secrets::SecretError;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// The form of a channel, as it was filled in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ChannelForm {
    channel_id: String,
    name: String,
    url: String,
    secret: String,
    /// Kinds that are ticked; none means all.
    kinds: HashMap<String, String>,
    min_severity: String,
    enabled: String,
}

/// Changes when a rule opens an alert.
#[server(prefix = "/fn", endpoint = "save_alert_rule")]
pub(crate) async fn save_alert_rule(
    kind: String,
    #[server(default)] enabled: String,
    severity: String,
    threshold: String,
    #[server(default)] window_seconds: String,
) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let mut changes =
        json!({"enabled": enabled == "true", "severity": severity, "threshold": number("threshold", &threshold)?});
    if !window_seconds.is_empty() {
        changes["window_seconds"] = json!(number("window_seconds", &window_seconds)?);
    }
    let mut tx = services.begin(&claims).await?;
    alerts::save_rule(&mut tx, &kind, &changes).await?;
    Ok(tx.commit().await.map_err(DbError::from)?)
}

/// Makes a channel, or changes the one it names, and goes to its page.
#[server(prefix = "/fn", endpoint = "save_alert_channel")]
pub(crate) async fn save_alert_channel(#[server(flatten)] form: ChannelForm) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let entered = form.entered();
    // Before a name is looked up that somebody else's server would see.
    if !claims.may(Permission::Administer) {
        return Err(PageError::new(403, "forbidden", "Channels are for admins.", None));
    }
    let save = async {
        channels::reachable(services.network(), Some(&form.url)).await?;
        let mut tx = services.begin(&claims).await?;
        let channel_id = match form.channel_id.as_str() {
            "" => channels::new_id(),
            known => {
                let old = channels::channel(&mut tx, id(known)?).await?;
                old.ok_or_else(|| PageError::not_found("channel"))?.channel_id
            }
        };
        let secret = Some(form.secret.trim()).filter(|secret| !secret.is_empty());
        channels::save(&mut tx, services.key(), channel_id, form.spec(), secret).await?;
        tx.commit().await.map_err(DbError::from)?;
        Ok::<_, PageError>(channel_id)
    };
    let saved = save.await;
    let channel_id = saved.map_err(|error| PageError { entered, ..error })?;
    leptos_axum::redirect(&format!("/alerts/channels/{channel_id}"));
    Ok(())
}

/// Gives a channel another secret; messages are signed with it from now on.
#[server(prefix = "/fn", endpoint = "rotate_alert_secret")]
pub(crate) async fn rotate_alert_secret(channel_id: String, secret: String) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let channel_id = id(&channel_id)?;
    let mut tx = services.begin(&claims).await?;
    let old = channels::channel(&mut tx, channel_id).await?;
    let old = old.ok_or_else(|| PageError::not_found("channel"))?;
    let spec = json!({
        "name": old.name, "url": old.url, "kinds": old.kinds, "min_severity": old.min_severity, "enabled": old.enabled,
    });
    channels::save(&mut tx, services.key(), channel_id, spec, Some(secret.trim())).await?;
    Ok(tx.commit().await.map_err(DbError::from)?)
}

/// Sends a message to a channel now. What came back stands in its log.
#[server(prefix = "/fn", endpoint = "test_alert_channel")]
pub(crate) async fn test_alert_channel(channel_id: String) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let answer = channels::test(&services, &claims, id(&channel_id)?).await?;
    answer.map(|_| ()).ok_or_else(|| PageError::not_found("channel"))
}

/// Forgets a channel and goes to the list.
#[server(prefix = "/fn", endpoint = "delete_alert_channel")]
pub(crate) async fn delete_alert_channel(channel_id: String) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let mut tx = services.begin(&claims).await?;
    channels::delete(&mut tx, id(&channel_id)?).await?;
    tx.commit().await.map_err(DbError::from)?;
    leptos_axum::redirect("/alerts");
    Ok(())
}

fn id(text: &str) -> Result<Uuid, PageError> {
    text.parse().map_err(|_| PageError::not_found("channel"))
}

fn number(field: &str, text: &str) -> Result<i32, PageError> {
    text.trim()
        .parse()
        .map_err(|_| about(field, "Enter a whole number.", None))
}

fn about(field: &str, message: &str, hint: Option<&str>) -> PageError {
    PageError {
        problems: vec![FieldProblem {
            field: field.to_owned(),
            message: message.to_owned(),
        }],
        ..PageError::new(422, "invalid", message, hint)
    }
}

impl ChannelForm {
    fn spec(&self) -> serde_json::Value {
        let kinds: Vec<&String> = self.kinds.keys().collect();
        json!({
            "name": self.name, "url": self.url.trim(), "kinds": Some(kinds).filter(|kinds| !kinds.is_empty()),
            "min_severity": self.min_severity, "enabled": self.enabled == "true",
        })
    }

    /// The fields again, without the secret: what is shown stands in the address.
    fn entered(&self) -> Vec<(String, String)> {
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut entered = vec![
            of("name", &self.name),
            of("url", &self.url),
            of("min_severity", &self.min_severity),
            of("enabled", &self.enabled),
        ];
        entered.extend(self.kinds.keys().map(|kind| of(&format!("kinds[{kind}]"), "true")));
        entered
    }
}

impl From<ChannelError> for PageError {
    fn from(error: ChannelError) -> Self {
        let words = format!("{error}.");
        match error {
            ChannelError::Private(address) => {
                let hint =
                    format!("If webhooks should reach it, start the server with RUNBOARD_ALLOW_ADDRESS={address}.");
                about("url", &words, Some(&hint))
            }
            ChannelError::Sealed(_) => Self::new(
                500,
                "broken",
                "The secret of this channel cannot be opened with the key of this server.",
                Some("Give the channel another secret."),
            ),
            ChannelError::Secret(SecretError::Db(error)) | ChannelError::Db(error) => error.into(),
            ChannelError::Secret(_) => about("secret", &words, None),
        }
    }
}
