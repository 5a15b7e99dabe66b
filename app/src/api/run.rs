//! Reads one run with everything around it.

use super::PageError;
use crate::views::{RunPageView, Sent};
use leptos::prelude::*;

/// One run; `None` when there is none that the caller may see. Its log comes with the last `lines` lines, or with
/// those around line `around`.
#[server(prefix = "/fn", endpoint = "read_run")]
pub(crate) async fn read_run(
    run_id: String,
    lines: i64,
    around: Option<i64>,
) -> Result<Option<Sent<RunPageView>>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let Some(detail) = runs::read::run(&mut tx, &run_id).await? else {
        super::error::answer_with(404);
        return Ok(None);
    };
    let log = match around {
        Some(line) => runs::read::log_range(&mut tx, &run_id, (line - lines / 2).max(1), lines).await?,
        None => runs::read::log_tail(&mut tx, &run_id, lines).await?,
    };
    let waiting = if detail.row.status == "queued" {
        runs::control::explain_wait(&mut tx, &run_id).await?
    } else {
        serde_json::Value::Null
    };
    let plan = ssr::plan(&mut tx, &detail.row).await?;
    let page = ssr::page(detail, plan, &waiting, log);
    Ok(Some(Sent(RunPageView { line: around, ..page })))
}

#[cfg(feature = "ssr")]
mod ssr {
    use crate::views::{PlanStepView, RunPageView, WaitReason, detail_view, pretty};
    use db::reads::{LogChunk, RunRow};
    use runs::read::RunDetail;
    use serde_json::Value;

    /// The steps its template plans, in order; none for an action without a template.
    pub(super) async fn plan(conn: &mut db::PgConnection, row: &RunRow) -> db::Result<Vec<PlanStepView>> {
        let Some(slug) = &row.template_slug else {
            return Ok(Vec::new());
        };
        let Some(stored) = runs::template::load(conn, slug, row.template_version).await? else {
            return Ok(Vec::new());
        };
        Ok(stored
            .template
            .steps
            .iter()
            .map(|step| PlanStepView {
                id: step.id.clone(),
                title: step.title().to_owned(),
                kind: step.kind.as_str().to_owned(),
            })
            .collect())
    }

    pub(super) fn page(detail: RunDetail, plan: Vec<PlanStepView>, waiting: &Value, log: Vec<LogChunk>) -> RunPageView {
        let waiting: Vec<WaitReason> = waiting
            .get("reasons")
            .and_then(|reasons| serde_json::from_value(reasons.clone()).ok())
            .unwrap_or_default();
        let options =
            Some(&detail.body.options).filter(|options| options.as_object().is_some_and(|map| !map.is_empty()));
        RunPageView {
            line: None,
            plan,
            waiting,
            params: pretty(&detail.body.params),
            options: options.map(pretty).unwrap_or_default(),
            parent: detail.body.parent_run_id.clone(),
            timeout_seconds: detail.body.timeout_seconds,
            concurrency_key: detail.body.concurrency_key.clone(),
            log: log.into_iter().map(Into::into).collect(),
            detail: detail_view(detail),
        }
    }
}
