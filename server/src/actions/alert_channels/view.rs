//! A channel as the API shows it: never with its secret.

use ::runs::alerts::ChannelRow;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A webhook that hears of alerts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChannelView {
    /// Id.
    channel_id: Uuid,
    /// What people call it.
    name: String,
    /// Where it listens.
    url: String,
    /// Rules it hears of; null means all.
    kinds: Option<Vec<String>>,
    /// Lowest severity it hears of: info, warning or critical.
    min_severity: String,
    /// Whether it hears anything.
    enabled: bool,
    /// Made by.
    created_by: String,
    /// Last changed by.
    updated_by: String,
    /// Made.
    created_at: DateTime<Utc>,
    /// Last changed.
    updated_at: DateTime<Utc>,
}

impl From<ChannelRow> for ChannelView {
    fn from(row: ChannelRow) -> Self {
        Self {
            channel_id: row.channel_id,
            name: row.name,
            url: row.url,
            kinds: row.kinds,
            min_severity: row.min_severity,
            enabled: row.enabled,
            created_by: row.created_by,
            updated_by: row.updated_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A channel as callers write it. In a change, what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelBody {
    /// What people call it; needed for a new one.
    name: Option<String>,
    /// http or https address of the webhook; needed for a new one.
    url: Option<String>,
    /// Signs the messages; a new channel without one gets a random one, shown once.
    pub secret: Option<String>,
    /// Rules it hears of; null or left out means all.
    kinds: Option<Vec<String>>,
    /// Lowest severity it hears of: info, warning or critical.
    min_severity: Option<String>,
    /// Whether it hears anything; on when left out.
    enabled: Option<bool>,
}

impl ChannelBody {
    /// The address, if one is given.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// What the use case takes: this, and for what is left out what the channel has.
    pub fn spec(&self, old: Option<&ChannelRow>) -> Value {
        json!({
            "name": self.name.as_ref().or(old.map(|old| &old.name)),
            "url": self.url.as_ref().or(old.map(|old| &old.url)),
            "kinds": self.kinds.as_ref().or(old.and_then(|old| old.kinds.as_ref())).filter(|kinds| !kinds.is_empty()),
            "min_severity": self.min_severity.as_ref().or(old.map(|old| &old.min_severity)),
            "enabled": self.enabled.or(old.map(|old| old.enabled)),
        })
    }
}
