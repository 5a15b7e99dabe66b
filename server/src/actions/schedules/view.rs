//! A schedule as the API shows it.

use ::runs::schedules::{ScheduleRow, TickRow};
use chrono::{DateTime, NaiveTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A schedule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScheduleView {
    /// Id.
    schedule_id: Uuid,
    /// What people call it.
    name: String,
    /// Template it starts.
    template: Option<String>,
    /// Action it starts.
    action: Option<String>,
    /// Parameters of the template.
    #[schema(value_type = Object)]
    params: Value,
    /// Options of the action.
    #[schema(value_type = Object)]
    options: Value,
    /// What the action works on.
    #[schema(value_type = Option<Object>)]
    scope: Option<Value>,
    /// Minute, hour, day of month, month, day of week.
    cron: String,
    /// IANA name of its zone.
    zone: String,
    /// Whether it starts anything.
    enabled: bool,
    /// Lane, if it names one.
    lane: Option<String>,
    /// 0 first.
    priority: Option<i32>,
    /// none, one or all.
    catch_up: String,
    /// Runs it may start in a day of its zone.
    daily_cap: Option<i32>,
    /// Quiet from this time of day.
    quiet_from: Option<String>,
    /// Until this one.
    quiet_to: Option<String>,
    /// Comes with Runboard and cannot be deleted.
    built_in: bool,
    /// When it is due.
    next_at: Option<DateTime<Utc>>,
    /// Why no next time could be worked out.
    problem: Option<String>,
    /// When it was last dealt with.
    last_at: Option<DateTime<Utc>>,
    /// The run it started last.
    last_run_id: Option<String>,
    /// fired, skipped or missed.
    last_outcome: Option<String>,
    /// What held it back.
    last_message: Option<String>,
    /// Grows with every change.
    version: i64,
    /// Made by.
    created_by: String,
    /// Last changed by.
    updated_by: String,
    /// Made.
    created_at: DateTime<Utc>,
    /// Last changed.
    updated_at: DateTime<Utc>,
}

impl From<ScheduleRow> for ScheduleView {
    fn from(row: ScheduleRow) -> Self {
        let time = |at: Option<NaiveTime>| at.map(|at| at.format("%H:%M").to_string());
        Self {
            schedule_id: row.schedule_id,
            name: row.name,
            template: row.template_slug,
            action: row.action,
            params: row.params,
            options: row.options,
            scope: row.scope,
            cron: row.cron,
            zone: row.zone,
            enabled: row.enabled,
            lane: row.lane,
            priority: row.priority,
            catch_up: row.catch_up,
            daily_cap: row.daily_cap,
            quiet_from: time(row.quiet_from),
            quiet_to: time(row.quiet_to),
            built_in: row.built_in,
            next_at: row.next_at,
            problem: row.problem,
            last_at: row.last_at,
            last_run_id: row.last_run_id,
            last_outcome: row.last_outcome,
            last_message: row.last_message,
            version: row.version,
            created_by: row.created_by,
            updated_by: row.updated_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What became of one time of a schedule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TickView {
    /// The time the cron named.
    tick_at: DateTime<Utc>,
    /// When a server dealt with it.
    at: DateTime<Utc>,
    /// fired, skipped or missed.
    outcome: String,
    /// The run it started.
    run_id: Option<String>,
    /// What held it back: quiet_hours, daily_cap, missed, or the code of a refusal.
    code: Option<String>,
    /// The same in words.
    message: Option<String>,
    /// Times of the cron this stands for, when they were missed.
    missed_count: Option<i32>,
}

impl From<TickRow> for TickView {
    fn from(row: TickRow) -> Self {
        Self {
            tick_at: row.tick_at,
            at: row.at,
            outcome: row.outcome,
            run_id: row.run_id,
            code: row.code,
            message: row.message,
            missed_count: row.missed_count,
        }
    }
}
