//! A schedule as callers write it.

use crate::error::{ApiError, ApiResult};
use ::runs::schedules::{Draft, ScheduleRow};
use chrono::NaiveTime;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A schedule, whole. It starts either a template or an action.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleBody {
    /// What people call it.
    name: String,
    /// Template to start, by slug.
    template: Option<String>,
    /// Action to start.
    action: Option<String>,
    /// Parameters of the template.
    #[serde(default)]
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// Options of the action.
    #[serde(default)]
    #[schema(value_type = Object)]
    options: Map<String, Value>,
    /// What the action works on.
    #[schema(value_type = Option<Object>)]
    scope: Option<Value>,
    /// Minute, hour, day of month, month, day of week.
    #[schema(example = "0 8 * * 1-5")]
    cron: String,
    /// IANA name of a zone; UTC when left out.
    #[schema(example = "Europe/Paris")]
    zone: Option<String>,
    /// Whether it starts anything; off when left out.
    #[serde(default)]
    enabled: bool,
    /// Lane; left out or `auto` means the lane of what it starts.
    lane: Option<String>,
    /// 0 first, 1000 last.
    #[schema(minimum = 0, maximum = 1000)]
    priority: Option<i32>,
    /// What becomes of times that passed while no server ran: none, one or all; none when left out.
    catch_up: Option<String>,
    /// Runs it may start in a day of its zone.
    #[schema(minimum = 1)]
    daily_cap: Option<i32>,
    /// Starts nothing from this time of day, such as 22:00,
    quiet_from: Option<String>,
    /// until this one.
    quiet_to: Option<String>,
}

impl ScheduleBody {
    /// The schedule with some of its fields replaced; null takes a value away.
    pub fn patched(row: &ScheduleRow, changes: &Map<String, Value>) -> ApiResult<Self> {
        let time = |at: Option<NaiveTime>| at.map(|at| at.format("%H:%M:%S").to_string());
        let mut whole = json!({
            "name": row.name, "template": row.template_slug, "action": row.action, "params": row.params,
            "options": row.options, "scope": row.scope, "cron": row.cron, "zone": row.zone, "enabled": row.enabled,
            "lane": row.lane, "priority": row.priority, "catch_up": row.catch_up, "daily_cap": row.daily_cap,
            "quiet_from": time(row.quiet_from), "quiet_to": time(row.quiet_to),
        });
        for (name, value) in changes {
            whole[name] = value.clone();
        }
        for (name, empty) in [("params", json!({})), ("options", json!({})), ("enabled", json!(false))] {
            if whole[name].is_null() {
                whole[name] = empty;
            }
        }
        serde_path_to_error::deserialize(whole).map_err(|error| {
            let path = error.path().to_string();
            let reason = error.into_inner().to_string();
            let unknown = reason
                .strip_prefix("unknown field `")
                .and_then(|rest| rest.split('`').next())
                .map(str::to_owned);
            ApiError::invalid(unknown.unwrap_or(path), format!("The change does not fit: {reason}."))
        })
    }

    /// What the use case takes; `replaces` names the schedule that is changed.
    pub fn into_draft(self, replaces: Option<(Uuid, i64)>) -> ApiResult<Draft> {
        Ok(Draft {
            replaces,
            name: self.name,
            template: self.template,
            action: self.action,
            params: self.params,
            options: self.options,
            scope: self.scope,
            cron: self.cron,
            zone: self.zone.unwrap_or_else(|| "UTC".to_owned()),
            enabled: self.enabled,
            lane: self.lane,
            priority: self.priority,
            catch_up: self.catch_up.unwrap_or_else(|| "none".to_owned()),
            daily_cap: self.daily_cap,
            quiet_from: time("quiet_from", self.quiet_from.as_deref())?,
            quiet_to: time("quiet_to", self.quiet_to.as_deref())?,
        })
    }
}

fn time(field: &str, text: Option<&str>) -> ApiResult<Option<NaiveTime>> {
    let Some(text) = text else { return Ok(None) };
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .map(Some)
        .map_err(|_| ApiError::invalid(field, format!("{text:?} is not a time of day; write it like 22:00.")))
}
