//! Alerts: rules, what is wrong, the channels that hear of it, and the outbox of what is to be sent.

use crate::{PgConnection, Result, queue::writes::without_nul, statements::statements};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

/// What opens an alert.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RuleRow {
    /// Name, such as `queue_age`.
    pub kind: String,
    /// What people call it.
    pub title: String,
    /// info, warning or critical.
    pub severity: String,
    /// Whether it opens anything.
    pub enabled: bool,
    /// From which number on, in `unit`.
    pub threshold: i32,
    /// s, count or percent.
    pub unit: String,
    /// Over which time it looks.
    pub window_seconds: i32,
    /// What the number means.
    pub meaning: String,
}

/// Something that is or was wrong.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AlertRow {
    /// Grows.
    pub alert_id: i64,
    /// The rule that opened it.
    pub kind: String,
    /// What it is about.
    pub key: String,
    /// info, warning or critical.
    pub severity: String,
    /// In words.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Its numbers.
    pub data: Value,
    /// The lane it is about.
    pub lane: Option<String>,
    /// The run it is about.
    pub run_id: Option<String>,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// Last seen to be so.
    pub last_seen_at: DateTime<Utc>,
    /// Over since.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// A webhook that hears of alerts, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ChannelRow {
    /// Id.
    pub channel_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Where it listens.
    pub url: String,
    /// Rules it hears of; `None` means all.
    pub kinds: Option<Vec<String>>,
    /// Lowest severity it hears of.
    pub min_severity: String,
    /// Whether it hears anything.
    pub enabled: bool,
    /// Grows with every change.
    pub version: i64,
    /// Made by.
    pub created_by: String,
    /// Last changed by.
    pub updated_by: String,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where a message goes, and the sealed secret that signs it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Target {
    /// The channel.
    pub channel_id: Uuid,
    /// Where it listens.
    pub url: String,
    /// Number used once with the key of the installation.
    pub nonce: Vec<u8>,
    /// The sealed secret.
    pub ciphertext: Vec<u8>,
}

/// A message that this server sends now.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct DueDelivery {
    /// Grows; the same at every try.
    pub delivery_id: i64,
    /// Where it goes.
    #[sqlx(flatten)]
    pub target: Target,
    /// opened, resolved or test.
    pub event: String,
    /// What is sent.
    pub body: Value,
    /// Which try this is.
    pub try_count: i32,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DeliveryRow {
    /// Grows.
    pub delivery_id: i64,
    /// The alert it tells of; `None` for a test.
    pub alert_id: Option<i64>,
    /// opened, resolved or test.
    pub event: String,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// When it is tried again.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Tries so far.
    pub try_count: i32,
    /// Accepted by the webhook.
    pub delivered_at: Option<DateTime<Utc>>,
    /// Given up.
    pub gave_up_at: Option<DateTime<Utc>>,
    /// Status of the last answer.
    pub last_status: Option<i32>,
    /// Why there was no answer.
    pub last_error: Option<String>,
    /// Beginning of the last answer.
    pub last_answer: Option<String>,
}

/// How a try ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status, if there was an answer.
    pub status: Option<i32>,
    /// Beginning of the answer.
    pub excerpt: Option<String>,
    /// Why there was none.
    pub error: Option<String>,
}

impl Answer {
    /// Whether the webhook accepted the message.
    pub fn is_accepted(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// What one look at the rules came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Evaluated {
    /// Alerts that are new.
    pub opened: i64,
    /// Alerts that are over.
    pub resolved: i64,
    /// Another server was looking.
    pub skipped: bool,
}

/// Opens and resolves alerts as things are now.
pub async fn evaluate(conn: &mut PgConnection) -> Result<Evaluated> {
    let Json(evaluated) = sqlx::query_scalar::<_, Json<Evaluated>>(EVALUATE)
        .fetch_one(conn)
        .await?;
    Ok(evaluated)
}

/// Messages to send now, none of the `busy` channels: they have enough on their way.
pub async fn claim_deliveries(conn: &mut PgConnection, most: i32, busy: &[Uuid]) -> Result<Vec<DueDelivery>> {
    Ok(sqlx::query_as(CLAIM).bind(most).bind(busy).fetch_all(conn).await?)
}

/// Notes what became of a message: delivered, later, gave_up, or lost.
pub async fn finish_delivery(conn: &mut PgConnection, delivery: &DueDelivery, answer: &Answer) -> Result<String> {
    Ok(sqlx::query_scalar(FINISH)
        .bind(delivery.delivery_id)
        .bind(delivery.try_count)
        .bind(answer.is_accepted())
        .bind(answer.status)
        .bind(answer.error.as_deref().map(without_nul))
        .bind(answer.excerpt.as_deref().map(without_nul))
        .fetch_one(conn)
        .await?)
}

/// Notes what a webhook answered to a test.
pub async fn log_test(conn: &mut PgConnection, channel_id: Uuid, body: &Value, answer: &Answer) -> Result<()> {
    sqlx::query(LOG_TEST)
        .bind(channel_id)
        .bind(Json(body))
        .bind(answer.is_accepted())
        .bind(answer.status)
        .bind(answer.error.as_deref().map(without_nul))
        .bind(answer.excerpt.as_deref().map(without_nul))
        .execute(conn)
        .await?;
    Ok(())
}

/// Alerts, newest first: only open ones, or all before `before`.
pub async fn list(
    conn: &mut PgConnection,
    is_open: Option<bool>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AlertRow>> {
    Ok(sqlx::query_as(LIST)
        .persistent(false)
        .bind(is_open)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

/// Every rule, by name.
pub async fn rules(conn: &mut PgConnection) -> Result<Vec<RuleRow>> {
    Ok(sqlx::query_as(RULES).fetch_all(conn).await?)
}

/// Changes when a rule opens an alert.
pub async fn save_rule(conn: &mut PgConnection, kind: &str, changes: &Value) -> Result<()> {
    sqlx::query(SAVE_RULE)
        .bind(kind)
        .bind(Json(changes))
        .execute(conn)
        .await?;
    Ok(())
}

/// Every channel, by name.
pub async fn channels(conn: &mut PgConnection) -> Result<Vec<ChannelRow>> {
    Ok(sqlx::query_as(CHANNELS).fetch_all(conn).await?)
}

/// One channel.
pub async fn channel(conn: &mut PgConnection, channel_id: Uuid) -> Result<Option<ChannelRow>> {
    Ok(sqlx::query_as(CHANNEL).bind(channel_id).fetch_optional(conn).await?)
}

/// Where a channel's messages go; for the server alone.
pub async fn target(conn: &mut PgConnection, channel_id: Uuid) -> Result<Option<Target>> {
    Ok(sqlx::query_as(TARGET).bind(channel_id).fetch_optional(conn).await?)
}

/// The targets of all channels, for a new key; for the server alone.
pub async fn targets(conn: &mut PgConnection) -> Result<Vec<Target>> {
    Ok(sqlx::query_as(TARGETS).fetch_all(conn).await?)
}

/// The same secret of a channel, sealed with another key.
pub async fn seal_again(
    conn: &mut PgConnection,
    channel_id: Uuid,
    sealed: &crate::secrets::SealedSecret,
) -> Result<()> {
    sqlx::query(SEAL_AGAIN)
        .bind(channel_id)
        .bind(&sealed.nonce)
        .bind(&sealed.ciphertext)
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes or changes a channel; a sealed secret replaces the one it had.
pub async fn save_channel(
    conn: &mut PgConnection,
    spec: &Value,
    sealed: Option<&crate::secrets::SealedSecret>,
) -> Result<()> {
    sqlx::query(SAVE_CHANNEL)
        .bind(Json(spec))
        .bind(sealed.map(|sealed| sealed.nonce.as_slice()))
        .bind(sealed.map(|sealed| sealed.ciphertext.as_slice()))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a channel and its log.
pub async fn delete_channel(conn: &mut PgConnection, channel_id: Uuid) -> Result<()> {
    sqlx::query(DELETE_CHANNEL).bind(channel_id).execute(conn).await?;
    Ok(())
}

/// What became of a channel's messages, newest first.
pub async fn deliveries(
    conn: &mut PgConnection,
    channel_id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<DeliveryRow>> {
    Ok(sqlx::query_as(DELIVERIES)
        .bind(channel_id)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

statements! {
    EVALUATE = "select public.evaluate_alerts()";
    CLAIM = "
        select delivery_id, channel_id, url, nonce, ciphertext, event, body, try_count
        from public.claim_deliveries($1, $2)";
    FINISH = "select public.finish_delivery($1, $2, $3, $4, $5, $6)";
    LOG_TEST = "select public.log_alert_test($1, $2, $3, $4, $5, $6)";
    LIST = "
        select alert_id, kind, key, severity, message, hint, data, lane, run_id, opened_at, last_seen_at, resolved_at
        from public.alerts
        where ($1::boolean is null or (resolved_at is null) = $1)
          and ($2::bigint is null or alert_id < $2)
        order by alert_id desc
        limit $3";
    RULES = "
        select kind, title, severity, enabled, threshold, unit, window_seconds, meaning
        from public.alert_rules
        order by kind";
    SAVE_RULE = "select public.save_alert_rule($1, $2)";
    CHANNELS = "
        select channel_id, name, url, kinds, min_severity, enabled, version, created_by, updated_by, created_at, updated_at
        from public.alert_channels
        order by lower(name)
        limit 1000";
    CHANNEL = "
        select channel_id, name, url, kinds, min_severity, enabled, version, created_by, updated_by, created_at, updated_at
        from public.alert_channels
        where channel_id = $1";
    TARGET = "select channel_id, url, nonce, ciphertext from public.alert_channels where channel_id = $1";
    TARGETS = "select channel_id, url, nonce, ciphertext from public.alert_channels order by channel_id";
    SEAL_AGAIN = "update public.alert_channels set nonce = $2, ciphertext = $3 where channel_id = $1";
    SAVE_CHANNEL = "select public.save_alert_channel($1, $2, $3)";
    DELETE_CHANNEL = "select public.delete_alert_channel($1)";
    DELIVERIES = "
        select delivery_id, alert_id, event, created_at, next_try_at, try_count, delivered_at, gave_up_at, last_status,
          last_error, last_answer
        from public.alert_deliveries
        where channel_id = $1 and ($2::bigint is null or delivery_id < $2)
        order by delivery_id desc
        limit $3";
}
