//! `GET /api/runs/{run_id}/logs.txt`: the log as a file, all of it or the lines that are looked for.

use super::read::must_exist;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Path, Query},
};
use ::runs::{
    Services,
    log::{self, LogFilter, Look},
    read,
};
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{Claims, LogLevel, RunId};
use futures::stream;
use http::header;
use serde::Deserialize;
use utoipa::IntoParams;

/// Lines read at once, so that a long log is never whole in memory.
const PART: i64 = 2000;

/// Which lines; all of them when nothing is said.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogsTextQuery {
    /// Only of this step.
    step: Option<String>,
    /// At least so loud: debug, info, warn or error, as far as a line says it or came over the error stream.
    level: Option<String>,
    /// A text that lines contain; letter case does not matter.
    q: Option<String>,
}

impl LogsTextQuery {
    fn into_filter(self) -> ApiResult<LogFilter> {
        let level = self
            .level
            .map(|word| LogLevel::from_word(&word).ok_or_else(unknown_level));
        Ok(LogFilter {
            step: self.step,
            level: level.transpose()?.unwrap_or_default(),
            text: self.q,
        })
    }
}

fn unknown_level() -> ApiError {
    ApiError::invalid("level", "A level is debug, info, warn or error.")
}

/// Downloads the log of a run.
#[utoipa::path(get, path = "/api/runs/{run_id}/logs.txt", tag = "runs", params(("run_id" = String, Path), LogsTextQuery),
    responses((status = 200, description = "The lines, with ANSI codes as printed.", content_type = "text/plain", body = String),
        (status = 404, description = "No such run.", body = Problem),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
    Query(query): Query<LogsTextQuery>,
) -> ApiResult<Response> {
    let filter = query.into_filter()?;
    let mut tx = services.begin(&claims).await?;
    must_exist(&mut tx, &run_id).await?;
    drop(tx);
    let name = format!("attachment; filename=\"{run_id}.txt\"");
    let parts = stream::try_unfold(Some(1), move |from| {
        let (services, claims, run_id, filter) = (services.clone(), claims.clone(), run_id.clone(), filter.clone());
        async move {
            match from {
                Some(from) if filter.is_empty() => part(&services, &claims, &run_id, from).await,
                Some(from) => picked(&services, &claims, &run_id, &filter, from).await,
                None => Ok(None),
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

/// One part and the line after it; each in its own short transaction, so that a slow reader holds none open.
async fn part(
    services: &Services,
    claims: &Claims,
    run_id: &RunId,
    from: i64,
) -> db::Result<Option<(Bytes, Option<i64>)>> {
    let mut tx = services.begin(claims).await?;
    let chunks = read::log_range(&mut tx, run_id.as_str(), from, PART).await?;
    let Some(last) = chunks.last() else { return Ok(None) };
    let next = last.first_line + i64::from(last.line_count);
    let mut text = String::new();
    for chunk in &chunks {
        // The range may begin inside a chunk that was sent with the part before.
        let sent = (from - chunk.first_line).max(0) as usize;
        for line in chunk.lines.split('\n').take(chunk.line_count as usize).skip(sent) {
            text.push_str(line);
            text.push('\n');
        }
    }
    Ok(Some((Bytes::from(text), (next > from).then_some(next))))
}

/// The same of the lines that are looked for.
async fn picked(
    services: &Services,
    claims: &Claims,
    run_id: &RunId,
    filter: &LogFilter,
    from: i64,
) -> db::Result<Option<(Bytes, Option<i64>)>> {
    let mut tx = services.begin(claims).await?;
    let pick = log::pick(&mut tx, run_id.as_str(), filter, Look::From(from), PART as usize).await?;
    let count: usize = pick.chunks.iter().map(|picked| picked.numbers.len()).sum();
    let mut text = String::new();
    for picked in &pick.chunks {
        text.push_str(&picked.chunk.lines);
        text.push('\n');
    }
    Ok(Some((
        Bytes::from(text),
        (count >= PART as usize).then_some(pick.last + 1),
    )))
}
