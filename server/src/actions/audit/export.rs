//! `GET /api/audit/export`: the audit log as a file, as long as it is.

use super::list::AuditView;
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Query,
};
use ::runs::{Services, audit};
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use db::audit::AuditFilter;
use domain::Claims;
use futures::stream::{self, StreamExt};
use http::header;
use serde::Deserialize;
use std::io;
use utoipa::{IntoParams, ToSchema};

/// Acts read at a time: the log may be longer than memory.
const BATCH: i64 = 1000;
const COLUMNS: [&str; 9] = [
    "audit_id",
    "at",
    "actor",
    "role",
    "via",
    "verb",
    "object_kind",
    "object_id",
    "detail",
];

/// Which acts, and how they are written.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// csv (when left out) or ndjson.
    #[param(inline)]
    format: Option<Format>,
    /// At or after.
    from: Option<DateTime<Utc>>,
    /// Before.
    to: Option<DateTime<Utc>>,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated, with a heading.
    Csv,
    /// One JSON object per line.
    Ndjson,
}

/// Exports acts, newest first.
#[utoipa::path(get, path = "/api/audit/export", tag = "audit", params(ExportQuery),
    responses((status = 200, description = "The file.", content((String = "text/csv"), (String = "application/x-ndjson"))),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Query(query): Query<ExportQuery>,
) -> ApiResult<Response> {
    let format = query.format.unwrap_or(Format::Csv);
    let filter = AuditFilter {
        from: query.from,
        to: query.to,
        ..AuditFilter::default()
    };
    // The first part is read before the answer begins, so that a failure still has a status.
    let first = part(&services, &claims, &filter).await?;
    let heading = (format == Format::Csv).then(|| csv_lines([COLUMNS.map(str::to_owned)]));
    let rest = stream::try_unfold(Some(first), move |rows| {
        let (services, claims, filter) = (services.clone(), claims.clone(), filter.clone());
        async move {
            let Some(rows) = rows else {
                return Ok::<_, io::Error>(None);
            };
            let Some(last) = rows.last().map(|row| row.audit_id) else {
                return Ok(None);
            };
            let text = write(format, &rows);
            let before = AuditFilter {
                before: Some(last),
                ..filter
            };
            let next = match i64::try_from(rows.len()) {
                Ok(BATCH) => Some(part(&services, &claims, &before).await.map_err(io::Error::other)?),
                _ => None,
            };
            Ok(Some((text, next)))
        }
    });
    let body = Body::from_stream(stream::iter(heading).map(Ok).chain(rest));
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""),
        Format::Ndjson => ("application/x-ndjson", "attachment; filename=\"audit.ndjson\""),
    };
    Ok((
        [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)],
        body,
    )
        .into_response())
}

async fn part(services: &Services, claims: &Claims, filter: &AuditFilter) -> db::Result<Vec<AuditView>> {
    let mut tx = services.begin(claims).await?;
    let rows = audit::list(&mut tx, filter, BATCH).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

fn write(format: Format, rows: &[AuditView]) -> Bytes {
    match format {
        Format::Csv => csv_lines(rows.iter().map(cells)),
        Format::Ndjson => {
            let lines = rows.iter().filter_map(|row| serde_json::to_string(row).ok());
            lines.map(|line| line + "\n").collect::<String>().into()
        }
    }
}

fn cells(row: &AuditView) -> [String; 9] {
    let detail = row.detail.as_ref().map(ToString::to_string).unwrap_or_default();
    let words = [
        &row.actor,
        &row.role,
        &row.via,
        &row.verb,
        &row.object_kind,
        &row.object_id,
    ]
    .map(|word| harmless(word));
    let [actor, role, via, verb, object_kind, object_id] = words;
    let (id, at) = (row.audit_id.to_string(), row.at.to_rfc3339());
    [id, at, actor, role, via, verb, object_kind, object_id, detail]
}

/// A cell that begins like a formula would be one in a spreadsheet.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn csv_lines(rows: impl IntoIterator<Item = [String; 9]>) -> Bytes {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(&row)
            .expect("memory takes every record of nine cells");
    }
    writer.into_inner().map(Bytes::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_a_formula_stays_text() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("ada@example.org"), "ada@example.org");
    }
}
