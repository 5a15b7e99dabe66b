//! `GET /api/runs/{run_id}/logs.txt`: the whole log as a file.

use super::read::must_exist;
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, read};
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{Claims, RunId};
use futures::stream;
use http::header;

/// Lines read at once, so that a long log is never whole in memory.
const PART: i64 = 2000;

/// Downloads the log of a run.
#[utoipa::path(get, path = "/api/runs/{run_id}/logs.txt", tag = "runs", params(("run_id" = String, Path)),
    responses((status = 200, description = "Every line, with ANSI codes as printed.", content_type = "text/plain", body = String),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
) -> ApiResult<Response> {
    let mut tx = services.begin(&claims).await?;
    must_exist(&mut tx, &run_id).await?;
    drop(tx);
    let name = format!("attachment; filename=\"{run_id}.txt\"");
    let parts = stream::try_unfold(Some(1), move |from| {
        let (services, claims, run_id) = (services.clone(), claims.clone(), run_id.clone());
        async move {
            match from {
                Some(from) => part(&services, &claims, &run_id, from).await,
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
