//! Saving a schedule: everything that can be known to be wrong is said now, not at night.

use super::{Timetable, TimetableError};
use crate::{
    actions::{self, Misfit, registry},
    template::{self, ParamProblem},
};
use chrono::NaiveTime;
use db::{
    DbError, PgConnection,
    schedules::{self, SavedSchedule},
};
use domain::{Claims, Permission, Role};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The whole of a schedule, as a person wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Which one is changed, and the version that was read; `None` makes a new one.
    pub replaces: Option<(Uuid, i64)>,
    /// What people call it.
    pub name: String,
    /// Template it starts; either this or `action`.
    pub template: Option<String>,
    /// Action it starts.
    pub action: Option<String>,
    /// Parameters of the template.
    pub params: Map<String, Value>,
    /// Options of the action.
    pub options: Map<String, Value>,
    /// What the action works on.
    pub scope: Option<Value>,
    /// Five fields.
    pub cron: String,
    /// IANA name.
    pub zone: String,
    /// Whether it starts anything.
    pub enabled: bool,
    /// Lane; `None` means the lane of the template or action.
    pub lane: Option<String>,
    /// 0 first.
    pub priority: Option<i32>,
    /// none, one or all.
    pub catch_up: String,
    /// Runs it may start in a day of its zone.
    pub daily_cap: Option<i32>,
    /// Quiet from this time of day until `quiet_to`.
    pub quiet_from: Option<NaiveTime>,
    /// End of the quiet hours.
    pub quiet_to: Option<NaiveTime>,
}

/// Why a schedule was not saved.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The cron or the zone cannot be used.
    #[error(transparent)]
    Timetable(#[from] TimetableError),
    /// The caller may not start what the schedule would start.
    #[error("a schedule of {what} needs the role {needed}")]
    Forbidden {
        /// The action or template.
        what: String,
        /// Lowest role that may.
        needed: Role,
    },
    /// There is no such action, or a schedule cannot start it.
    #[error("a schedule cannot start the action {name:?}: {reason}")]
    Action {
        /// Its name.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// Scope or options do not fit the action.
    #[error("{}", .0.message)]
    Misfit(Misfit),
    /// Parameters do not fit the template.
    #[error("the parameters do not fit the template")]
    InvalidParams {
        /// Each problem.
        problems: Vec<ParamProblem>,
    },
    /// Postgres refused or failed.
    #[error("the schedule could not be reached")]
    Db(#[from] DbError),
}

/// Saves a schedule and works out when it is due first.
pub async fn save(conn: &mut PgConnection, claims: &Claims, draft: Draft) -> Result<SavedSchedule, ScheduleError> {
    check_caller(claims, &draft)?;
    let now = schedules::now(conn).await?;
    let timetable = Timetable::parse(&draft.cron, &draft.zone, now)?;
    if let Some(slug) = &draft.template
        && let Some(stored) = template::load(conn, slug, None).await?
    {
        let mut params = draft.params.clone();
        crate::enqueue::fill_defaults(&stored.template, &mut params);
        let problems = template::check_params(&stored.template, &Value::Object(params));
        if !problems.is_empty() {
            return Err(ScheduleError::InvalidParams { problems });
        }
    }
    let mut spec = spec(&draft);
    if let Some(next_at) = timetable.after(now).filter(|_| draft.enabled) {
        spec["next_at"] = json!(next_at);
    }
    Ok(schedules::save(conn, &spec).await?)
}

/// A schedule starts nothing that its author could not start.
fn check_caller(claims: &Claims, draft: &Draft) -> Result<(), ScheduleError> {
    let needed = Permission::ManageRuns;
    if !claims.may(needed) {
        return Err(ScheduleError::Forbidden {
            what: draft.name.clone(),
            needed: needed.lowest_role(),
        });
    }
    let Some(name) = &draft.action else { return Ok(()) };
    let unusable = |reason| ScheduleError::Action {
        name: name.clone(),
        reason,
    };
    let action = registry()
        .iter()
        .find(|action| action.name == name)
        .ok_or_else(|| unusable("there is no such action"))?;
    match action.name {
        "template.run" => return Err(unusable("name the template itself")),
        "runs.bulk" => return Err(unusable("a bulk operation has one list of runs, and is over with it")),
        _ => {}
    }
    if !claims.may_start(name) || (action.role == Role::Admin && !claims.may(Permission::Administer)) {
        return Err(ScheduleError::Forbidden {
            what: name.clone(),
            needed: action.role,
        });
    }
    actions::check(action, draft.scope.as_ref(), &draft.options).map_err(ScheduleError::Misfit)
}

fn spec(draft: &Draft) -> Value {
    let time = |at: Option<NaiveTime>| at.map(|at| at.format("%H:%M:%S").to_string());
    json!({
        "schedule_id": draft.replaces.map(|(id, _)| id), "version": draft.replaces.map(|(_, version)| version),
        "name": draft.name, "template": draft.template, "action": draft.action, "params": draft.params,
        "options": draft.options, "scope": draft.scope, "cron": draft.cron.trim(), "zone": draft.zone.trim(),
        "enabled": draft.enabled, "lane": draft.lane, "priority": draft.priority, "catch_up": draft.catch_up,
        "daily_cap": draft.daily_cap, "quiet_from": time(draft.quiet_from), "quiet_to": time(draft.quiet_to),
    })
}
