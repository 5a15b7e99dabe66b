//! Starts a run from the form of a template.

use super::PageError;
use leptos::prelude::*;
use std::collections::HashMap;

/// Starts a template with what was entered and goes to the new run. Refusals name their fields.
#[server(prefix = "/fn", endpoint = "start_run")]
pub(crate) async fn start_run(
    slug: String,
    #[server(default)] lane: String,
    #[server(default)] priority: String,
    #[server(default)] run_after: String,
    #[server(default)] zone: String,
    #[server(default)] click: String,
    #[server(default)] p: HashMap<String, String>,
) -> Result<String, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let wanted = ssr::Wanted {
        slug,
        lane,
        priority,
        due: (run_after, zone),
        click,
        entered: p,
    };
    let made = match ssr::start(&mut tx, &claims, &wanted).await {
        Ok(made) => made,
        Err(error) => {
            return Err(PageError {
                entered: ssr::shown_again(&services, &claims, &wanted).await,
                ..error
            });
        }
    };
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect(&format!("/runs/{}", made.run_id));
    Ok(made.run_id)
}

#[cfg(feature = "ssr")]
pub(super) mod ssr {
    use crate::api::{FieldProblem, PageError, schema_form};
    use db::PgConnection;
    use domain::Claims;
    use runs::{
        Services,
        enqueue::{Command, EnqueueError, Enqueued, Idempotency, IdempotencyMode, enqueue},
    };
    use std::collections::HashMap;

    pub(super) struct Wanted {
        pub(super) slug: String,
        pub(super) lane: String,
        pub(super) priority: String,
        /// Time and zone.
        pub(super) due: (String, String),
        pub(super) click: String,
        pub(super) entered: HashMap<String, String>,
    }

    pub(super) async fn start(
        conn: &mut PgConnection,
        claims: &Claims,
        wanted: &Wanted,
    ) -> Result<Enqueued, PageError> {
        let Some(stored) = runs::template::load(conn, &wanted.slug, None).await? else {
            return Err(PageError::not_found("template"));
        };
        let params = schema_form::params(&stored.template, &wanted.entered).map_err(invalid)?;
        let command = Command {
            template: Some(wanted.slug.clone()),
            params,
            lane: Some(wanted.lane.clone()).filter(|lane| !lane.is_empty()),
            priority: priority(&wanted.priority)?,
            run_after: due(&wanted.due)?,
            idempotency: Some(wanted.click.clone())
                .filter(|key| !key.is_empty())
                .map(|key| Idempotency {
                    key,
                    mode: IdempotencyMode::Return,
                }),
            ui: Some("board".to_owned()),
            ..Command::default()
        };
        Ok(enqueue(conn, claims, command).await?)
    }

    /// What a refused form shows again: everything but secrets, or nothing when nobody can tell them apart.
    pub(super) async fn shown_again(services: &Services, claims: &Claims, wanted: &Wanted) -> Vec<(String, String)> {
        let stored = match services.begin(claims).await {
            Ok(mut tx) => runs::template::load(&mut tx, &wanted.slug, None).await.ok().flatten(),
            Err(_) => None,
        };
        let Some(stored) = stored else { return Vec::new() };
        let mut shown = schema_form::without_secrets(&stored.template, &wanted.entered);
        let (time, zone) = &wanted.due;
        shown.extend([
            ("run_after".to_owned(), time.clone()),
            ("zone".to_owned(), zone.clone()),
        ]);
        shown
    }

    /// When it may start: left empty at once.
    fn due((time, zone): &(String, String)) -> Result<Option<chrono::DateTime<chrono::Utc>>, PageError> {
        if time.trim().is_empty() {
            return Ok(None);
        }
        let zone = if zone.trim().is_empty() { "UTC" } else { zone };
        let refused = |error: runs::start_form::DueError| {
            let words = error.to_string();
            let message = format!("{}{}.", words[..1].to_uppercase(), &words[1..]);
            invalid(vec![FieldProblem {
                field: error.field().to_owned(),
                message,
            }])
        };
        runs::start_form::due(time, zone).map(Some).map_err(refused)
    }

    pub(in crate::api) fn priority(text: &str) -> Result<Option<i32>, PageError> {
        match text.trim() {
            "" => Ok(None),
            text => match text.parse() {
                Ok(number @ 0..=1000) => Ok(Some(number)),
                _ => Err(invalid(vec![FieldProblem {
                    field: "priority".to_owned(),
                    message: "Enter a whole number from 0 (first) to 1000.".to_owned(),
                }])),
            },
        }
    }

    fn invalid(problems: Vec<FieldProblem>) -> PageError {
        PageError {
            problems,
            ..PageError::new(422, "invalid_params", "Some fields need another look.", None)
        }
    }

    impl From<EnqueueError> for PageError {
        fn from(error: EnqueueError) -> Self {
            match error {
                EnqueueError::Forbidden { needed, .. } => PageError::new(
                    403,
                    "forbidden",
                    format!("Starting a template needs the role {needed}."),
                    Some("Ask an administrator for it."),
                ),
                EnqueueError::UnknownTemplate { .. } => PageError::not_found("template"),
                EnqueueError::InvalidParams { problems } => invalid(
                    problems
                        .into_iter()
                        .map(|problem| FieldProblem {
                            field: schema_form::top_key(&problem.path),
                            message: problem.message,
                        })
                        .collect(),
                ),
                // The form names a template and no action.
                EnqueueError::Action(error) => PageError::new(422, "invalid", error.to_string(), None),
                EnqueueError::Db(error) => error.into(),
            }
        }
    }
}
