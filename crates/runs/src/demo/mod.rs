//! The demo: real templates and real runs, made through the same use cases that people have.

use crate::enqueue::{self, Command, EnqueueError};
use crate::template::{self, SaveError};
use chrono::{DateTime, TimeDelta, Utc};
use db::{PgConnection, error::DbError, reads::RunFilter};
use domain::Claims;
use serde_json::{Value, json};

/// Templates of the demo, as a person would write them.
pub const TEMPLATES: [&str; 5] = [
    include_str!("templates/healthcheck.yaml"),
    include_str!("templates/link-check.yaml"),
    include_str!("templates/log-digest.yaml"),
    include_str!("templates/nightly-report.yaml"),
    include_str!("templates/backup-rehearsal.yaml"),
];

/// How long the demo's runs go on after a start of the server.
const SPAN: TimeDelta = TimeDelta::minutes(15);

/// What the demo starts: template, first start and interval in seconds.
const RHYTHM: [(&str, i64, i64); 5] = [
    ("healthcheck", 0, 30),
    ("link-check", 2, 20),
    ("log-digest", 0, 30),
    ("nightly-report", 0, 50),
    ("backup-rehearsal", 4, 40),
];

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The templates could not be looked up.
    #[error("the templates of the demo could not be read")]
    Read(#[source] DbError),
    /// A template was refused.
    #[error("a template of the demo was refused")]
    Template(#[source] SaveError),
    /// A run was refused.
    #[error("a run of the demo was refused")]
    Run(#[source] EnqueueError),
}

/// Saves the templates that are missing and enqueues runs that keep the board moving for a quarter
/// of an hour. Calling it again within that time changes nothing.
pub async fn seed(
    conn: &mut PgConnection,
    claims: &Claims,
    base_url: &str,
    now: DateTime<Utc>,
) -> Result<usize, DemoError> {
    for source in TEMPLATES {
        let parsed =
            template::parse(source).map_err(|findings| DemoError::Template(SaveError::Invalid { findings }))?;
        if template::load(conn, &parsed.slug, None)
            .await
            .map_err(DemoError::Read)?
            .is_none()
        {
            template::save(conn, claims, source)
                .await
                .map_err(DemoError::Template)?;
        }
    }
    if is_moving(conn, claims, now).await? {
        return Ok(0);
    }
    let mut made = 0;
    for (slug, first, interval) in RHYTHM {
        let starts = (first..SPAN.num_seconds()).step_by(interval.unsigned_abs() as usize);
        for offset in starts {
            let command = Command {
                template: Some(slug.to_owned()),
                params: params_of(slug, base_url),
                run_after: Some(now + TimeDelta::seconds(offset)),
                ui: Some("demo".to_owned()),
                ..Command::default()
            };
            let enqueued = enqueue::enqueue(conn, claims, command).await.map_err(DemoError::Run)?;
            made += usize::from(enqueued.created);
        }
    }
    Ok(made)
}

/// Whether the same caller started the demo less than its span ago.
async fn is_moving(conn: &mut PgConnection, claims: &Claims, now: DateTime<Utc>) -> Result<bool, DemoError> {
    let begun = RunFilter {
        template: vec![RHYTHM[0].0.to_owned()],
        text: Some(claims.actor.clone()),
        from: Some(now - SPAN),
        ..RunFilter::default()
    };
    let page = db::reads::list_runs(conn, &begun, None, 1)
        .await
        .map_err(DemoError::Read)?;
    Ok(!page.runs.is_empty())
}

fn params_of(slug: &str, base_url: &str) -> serde_json::Map<String, Value> {
    match slug {
        "healthcheck" | "link-check" => json!({"url": format!("{}/healthz", base_url.trim_end_matches('/'))}),
        _ => json!({}),
    }
    .as_object()
    .cloned()
    .unwrap_or_default()
}
