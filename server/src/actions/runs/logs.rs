//! `GET /api/runs/{run_id}/logs`: a part of what a run printed.

use super::read::must_exist;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::{Services, read};
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use db::reads::LogChunk;
use domain::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const MOST: i64 = 5000;
const USUAL: i64 = 500;

/// Which lines: the last (`tail`), a range (`from`, `lines`), or those that contain a text (`q`).
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogsQuery {
    /// So many last lines.
    tail: Option<i64>,
    /// First line, from 1.
    from: Option<i64>,
    /// Lines at most, 500 when left out, 5000 at most.
    lines: Option<i64>,
    /// A text that lines contain; letter case does not matter.
    q: Option<String>,
}

/// One line a step printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineView {
    /// Number in the run, from 1.
    line: i64,
    /// Step that printed it.
    step: String,
    /// o for output, e for errors, s for the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<String>,
    /// When it was printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
    /// The line, with ANSI codes as printed.
    text: String,
}

/// Lines in order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogsView {
    /// The lines.
    items: Vec<LineView>,
    /// First line of the next part as `from`; null when the end was reached.
    next_cursor: Option<String>,
}

/// Reads lines of a run's log.
#[utoipa::path(get, path = "/api/runs/{run_id}/logs", tag = "runs", params(("run_id" = String, Path), LogsQuery),
    responses((status = 200, description = "The lines.", body = LogsView),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
    Query(query): Query<LogsQuery>,
) -> ApiResult<Json<LogsView>> {
    let lines = query.tail.or(query.lines).unwrap_or(USUAL);
    if !(1..=MOST).contains(&lines) {
        return Err(ApiError::invalid(
            if query.tail.is_some() { "tail" } else { "lines" },
            format!("One answer has 1 to {MOST} lines."),
        ));
    }
    let from = query.from.unwrap_or(1).max(1);
    let mut tx = services.begin(&claims).await?;
    must_exist(&mut tx, &run_id).await?;
    let id = run_id.as_str();
    let items = if let Some(text) = &query.q {
        let found = read::log_search(&mut tx, id, text, from, lines).await?;
        found
            .into_iter()
            .map(|found| LineView {
                line: found.line,
                step: found.step,
                stream: None,
                at: None,
                text: found.text,
            })
            .collect()
    } else if query.from.is_none() {
        let all: Vec<LineView> = read::log_tail(&mut tx, id, lines)
            .await?
            .iter()
            .flat_map(lines_of)
            .collect();
        let surplus = all.len().saturating_sub(lines as usize);
        return Ok(Json(LogsView {
            items: all.into_iter().skip(surplus).collect(),
            next_cursor: None,
        }));
    } else {
        let chunks = read::log_range(&mut tx, id, from, lines).await?;
        chunks
            .iter()
            .flat_map(lines_of)
            .filter(|line| (from..from + lines).contains(&line.line))
            .collect::<Vec<_>>()
    };
    let is_full = items.len() as i64 == lines;
    let next_cursor = items.last().filter(|_| is_full).map(|line| (line.line + 1).to_string());
    Ok(Json(LogsView { items, next_cursor }))
}

fn lines_of(chunk: &LogChunk) -> Vec<LineView> {
    let stream = |at: usize| {
        chunk
            .streams
            .as_ref()
            .and_then(|streams| streams.get(at..=at))
            .map(str::to_owned)
    };
    let offset = |at: usize| {
        chunk
            .offsets_ms
            .as_ref()
            .and_then(|offsets| offsets.get(at).copied())
            .unwrap_or(0)
    };
    chunk
        .lines
        .split('\n')
        .take(chunk.line_count as usize)
        .enumerate()
        .map(|(at, text)| LineView {
            line: chunk.first_line + at as i64,
            step: chunk.step.clone(),
            stream: stream(at),
            at: Some(chunk.at + TimeDelta::milliseconds(offset(at).into())),
            text: text.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_becomes_its_lines() {
        let at = DateTime::from_timestamp(1_768_383_012, 0).unwrap();
        let chunk = LogChunk {
            lease_seq: 1,
            seq: 1,
            step: "build".to_owned(),
            first_line: 11,
            line_count: 2,
            at,
            lines: "one\ntwo".to_owned(),
            offsets_ms: Some(vec![0, 40]),
            streams: Some("oe".to_owned()),
        };
        let lines = lines_of(&chunk);
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[1].line, lines[1].text.as_str(), lines[1].stream.as_deref()),
            (12, "two", Some("e"))
        );
        assert_eq!(lines[1].at, Some(at + TimeDelta::milliseconds(40)));
    }
}
