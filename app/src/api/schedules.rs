//! What operators do to schedules: save, run now, pause, resume, delete.

use super::{FieldProblem, PageError, schema_form};
use chrono::NaiveTime;
use db::PgConnection;
use leptos::prelude::*;
use runs::actions;
use runs::schedules::{self, Draft, ScheduleError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// The form of a schedule, as it was filled in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ScheduleForm {
    schedule_id: String,
    version: String,
    /// `template:SLUG` or `action:NAME`.
    starts: String,
    name: String,
    p: HashMap<String, String>,
    scope: String,
    cron: String,
    zone: String,
    enabled: String,
    lane: String,
    priority: String,
    catch_up: String,
    daily_cap: String,
    quiet_from: String,
    quiet_to: String,
}

/// Makes a schedule, or changes the one it names, and goes to its page.
#[server(prefix = "/fn", endpoint = "save_schedule")]
pub(crate) async fn save_schedule(#[server(flatten)] form: ScheduleForm) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let mut tx = services.begin(&claims).await?;
    let entered = form.entered();
    let refused = |error| PageError { entered, ..error };
    let draft = match form.draft(&mut tx).await {
        Ok(draft) => draft,
        Err(error) => return Err(refused(error)),
    };
    match schedules::save(&mut tx, &claims, draft).await {
        Ok(saved) => {
            tx.commit().await.map_err(db::DbError::from)?;
            leptos_axum::redirect(&format!("/schedules/{}", saved.schedule_id));
            Ok(())
        }
        Err(error) => Err(refused(error.into())),
    }
}

/// Starts what a schedule would start and goes to the run.
#[server(prefix = "/fn", endpoint = "run_schedule")]
pub(crate) async fn run_schedule(schedule_id: String) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let mut tx = services.begin(&claims).await?;
    let run = schedules::run_now(&mut tx, id(&schedule_id)?).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect(&format!("/runs/{}", run.run_id));
    Ok(())
}

/// Lets a schedule start nothing until it is resumed.
#[server(prefix = "/fn", endpoint = "pause_schedule")]
pub(crate) async fn pause_schedule(schedule_id: String) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let mut tx = services.begin(&claims).await?;
    schedules::pause(&mut tx, id(&schedule_id)?).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Lets a schedule start runs at its times.
#[server(prefix = "/fn", endpoint = "resume_schedule")]
pub(crate) async fn resume_schedule(schedule_id: String) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let mut tx = services.begin(&claims).await?;
    schedules::resume(&mut tx, id(&schedule_id)?).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Forgets a schedule and goes to the list.
#[server(prefix = "/fn", endpoint = "delete_schedule")]
pub(crate) async fn delete_schedule(schedule_id: String) -> Result<(), PageError> {
    let (services, claims) = super::caller()?;
    let mut tx = services.begin(&claims).await?;
    schedules::delete(&mut tx, id(&schedule_id)?).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect("/schedules");
    Ok(())
}

fn id(text: &str) -> Result<Uuid, PageError> {
    text.parse().map_err(|_| PageError::not_found("schedule"))
}

impl ScheduleForm {
    /// What the use case takes. What cannot be read is refused all at once, each with its field.
    async fn draft(self, conn: &mut PgConnection) -> Result<Draft, PageError> {
        let mut reader = Reader::default();
        let replaces = match self.schedule_id.as_str() {
            "" => None,
            text => Some((id(text)?, self.version.parse().unwrap_or_default())),
        };
        let (mut template, mut action) = (None, None);
        let (mut params, mut options) = (Map::new(), Map::new());
        match self.starts.split_once(':') {
            Some(("template", slug)) => {
                template = Some(slug.to_owned());
                if let Some(stored) = runs::template::load(conn, slug, None).await? {
                    params = reader.all(schema_form::params(&stored.template, &self.p));
                }
            }
            Some(("action", name)) => {
                action = Some(name.to_owned());
                if let Some(known) = actions::find(name) {
                    options = reader.all(schema_form::read(schema_form::options(known), &self.p));
                }
            }
            _ => reader.wrong("starts", "Choose what the schedule starts."),
        }
        let scope = match self.scope.trim() {
            "" => None,
            text => reader.one("scope", serde_json::from_str::<Value>(text), "This is not JSON."),
        };
        let whole = "Enter a whole number.";
        let priority = reader.number("priority", &self.priority, whole);
        let daily_cap = reader.number("daily_cap", &self.daily_cap, whole);
        let quiet_from = reader.time("quiet_from", &self.quiet_from);
        let quiet_to = reader.time("quiet_to", &self.quiet_to);
        reader.end()?;
        Ok(Draft {
            replaces,
            name: self.name,
            template,
            action,
            params,
            options,
            scope,
            cron: self.cron,
            zone: filled(self.zone).unwrap_or_else(|| "UTC".to_owned()),
            enabled: self.enabled == "true",
            lane: filled(self.lane),
            priority,
            catch_up: filled(self.catch_up).unwrap_or_else(|| "none".to_owned()),
            daily_cap,
            quiet_from,
            quiet_to,
        })
    }

    /// The fields again, by their names in the form.
    fn entered(&self) -> Vec<(String, String)> {
        let of = |name: &str, value: &String| (name.to_owned(), value.clone());
        let mut entered = vec![
            of("name", &self.name),
            of("scope", &self.scope),
            of("cron", &self.cron),
            of("zone", &self.zone),
            of("enabled", &self.enabled),
            of("lane", &self.lane),
            of("priority", &self.priority),
            of("catch_up", &self.catch_up),
            of("daily_cap", &self.daily_cap),
            of("quiet_from", &self.quiet_from),
            of("quiet_to", &self.quiet_to),
        ];
        entered.extend(self.p.iter().map(|(key, value)| of(&format!("p[{key}]"), value)));
        entered
    }
}

/// Reads fields and collects what is wrong with them.
#[derive(Default)]
struct Reader(Vec<FieldProblem>);

impl Reader {
    fn wrong(&mut self, field: &str, message: &str) {
        self.0.push(FieldProblem {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    }

    fn one<T, E>(&mut self, field: &str, read: Result<T, E>, message: &str) -> Option<T> {
        if read.is_err() {
            self.wrong(field, message);
        }
        read.ok()
    }

    fn number(&mut self, field: &str, text: &str, message: &str) -> Option<i32> {
        match text.trim() {
            "" => None,
            text => self.one(field, text.parse(), message),
        }
    }

    fn time(&mut self, field: &str, text: &str) -> Option<NaiveTime> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let read = NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
        self.one(field, read, "This is not a time of day; write it like 22:00.")
    }

    fn all(&mut self, read: Result<Map<String, Value>, Vec<FieldProblem>>) -> Map<String, Value> {
        read.unwrap_or_else(|problems| {
            self.0.extend(problems.into_iter().map(of_param));
            Map::new()
        })
    }

    fn end(self) -> Result<(), PageError> {
        match self.0 {
            problems if problems.is_empty() => Ok(()),
            problems => Err(fields_refused(problems)),
        }
    }
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

fn of_param(problem: FieldProblem) -> FieldProblem {
    FieldProblem {
        field: format!("p[{}]", problem.field),
        ..problem
    }
}

fn fields_refused(problems: Vec<FieldProblem>) -> PageError {
    PageError {
        problems,
        ..PageError::new(422, "invalid", "Some fields need another look.", None)
    }
}

impl From<ScheduleError> for PageError {
    fn from(error: ScheduleError) -> Self {
        let words = format!("{error}.");
        let about = |field: &str, message: String| {
            let field = field.to_owned();
            Self {
                problems: vec![FieldProblem {
                    field,
                    message: message.clone(),
                }],
                ..Self::new(422, "invalid", capitalized(&message), None)
            }
        };
        match error {
            ScheduleError::Timetable(error) => about(error.field(), words),
            ScheduleError::Forbidden { needed, .. } => Self::new(
                403,
                "forbidden",
                capitalized(&words),
                Some(&format!("Ask an administrator for the role {needed}.")),
            ),
            ScheduleError::Action { .. } => about("starts", words),
            ScheduleError::Misfit(misfit) => {
                let field = misfit.field.strip_prefix("options.").map(|key| format!("p[{key}]"));
                about(&field.unwrap_or(misfit.field), misfit.message)
            }
            ScheduleError::InvalidParams { problems } => fields_refused(
                problems
                    .into_iter()
                    .map(|problem| {
                        of_param(FieldProblem {
                            field: schema_form::top_key(&problem.path),
                            message: problem.message,
                        })
                    })
                    .collect(),
            ),
            ScheduleError::Db(error) => error.into(),
        }
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_said_at_once() {
        let mut reader = Reader::default();
        reader.number("daily_cap", "many", "Enter a whole number.");
        assert_eq!(reader.time("quiet_from", " 22:30 "), NaiveTime::from_hms_opt(22, 30, 0));
        reader.time("quiet_to", "late");
        let problems = reader.end().unwrap_err().problems;
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["daily_cap", "quiet_to"]);
    }

    #[test]
    fn a_cron_that_cannot_be_read_is_a_problem_of_its_field() {
        let error = runs::schedules::Timetable::parse("0 25 * * *", "UTC", chrono::DateTime::UNIX_EPOCH).unwrap_err();
        let refused = PageError::from(ScheduleError::Timetable(error));
        assert!(refused.of_field("cron").unwrap().contains("field 2, the hour"));
    }
}
