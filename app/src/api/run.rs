//! Reads one run with everything around it.

use super::PageError;
use crate::views::{LogAsk, RunPageView, Sent};
use leptos::{prelude::*, server_fn::codec::Json};

/// One run; `None` when there is none that the caller may see. Its log comes with the last `lines` lines that `ask`
/// does not leave out, or with those around the ones that `marked` names, or around the first hit.
#[server(prefix = "/fn", endpoint = "read_run", input = Json)]
pub(crate) async fn read_run(
    run_id: String,
    lines: i64,
    marked: (i64, i64),
    ask: LogAsk,
) -> Result<Option<Sent<RunPageView>>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let Some(detail) = runs::read::run(&mut tx, &run_id).await? else {
        super::error::answer_with(404);
        return Ok(None);
    };
    Ok(Some(Sent(ssr::page(&mut tx, detail, lines, marked, ask).await?)))
}

/// A part of the page of a run that only the server draws: `around`, `events`, `artifacts`, `params`, `result` or
/// `attempts`. `at` names a place in it.
#[server(prefix = "/fn", endpoint = "draw_run_part")]
pub(crate) async fn draw_run_part(run_id: String, part: String, at: String) -> Result<String, PageError> {
    let (services, claims) = super::error::caller()?;
    crate::served::run_part(&services, &claims, &run_id, &part, &at).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use crate::api::logs::ssr::{hits, part, tail};
    use crate::views::{LogAsk, PlanStepView, RunPageView, detail_view};
    use db::PgConnection;
    use db::reads::RunRow;
    use runs::read::RunDetail;

    /// When nobody may read the setting, the usual value.
    const USUAL_GRACE_MS: i32 = 15_000;

    pub(super) async fn page(
        conn: &mut PgConnection,
        detail: RunDetail,
        lines: i64,
        mut marked: (i64, i64),
        ask: LogAsk,
    ) -> db::Result<RunPageView> {
        let run_id = detail.row.run_id.clone();
        let hits = hits(conn, &run_id, &ask, 1).await?;
        if marked.0 == 0 {
            marked = hits.lines.first().map_or((0, 0), |line| (*line, *line));
        }
        let log = if marked.0 > 0 {
            part(conn, &run_id, &ask, (marked.0 - lines / 2).max(1), false, lines).await?
        } else {
            tail(conn, &run_id, &ask, detail.body.log_line_count, lines).await?
        };
        let grace = db::settings::value(conn, "cancel_grace").await?;
        Ok(RunPageView {
            plan: plan(conn, &detail.row).await?,
            grace_ms: grace.unwrap_or(USUAL_GRACE_MS).into(),
            marked,
            ask,
            log,
            hits,
            detail: detail_view(detail),
        })
    }

    /// The steps its template plans, in order; none for an action without a template.
    async fn plan(conn: &mut PgConnection, row: &RunRow) -> db::Result<Vec<PlanStepView>> {
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
}
