//! `GET /api/runs/export`: every run that a filter names, as a file.

use super::{filter::filtered, view::RunView};
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    export::{Format, Writer},
    http::body::Query,
};
use ::runs::{
    Services,
    read::{self, Cursor, RunFilter},
};
use axum::{
    body::{Body, Bytes},
    extract::State,
    response::Response,
};
use domain::Claims;
use futures::stream;
use http::{HeaderValue, header};
use serde::Deserialize;
use std::io;
use utoipa::IntoParams;

/// Runs that are in memory at a time.
const AT_ONCE: i64 = 500;

filtered! {
    /// Which runs, and as what.
    #[derive(Debug, Clone, Deserialize, IntoParams)]
    #[serde(deny_unknown_fields)]
    #[into_params(parameter_in = Query)]
    pub struct ExportQuery {
        /// csv, json or ndjson; csv when left out.
        format: Option<String>,
    }
}

/// Exports runs, newest first. A cell that a spreadsheet would take for a formula begins with a quote.
#[utoipa::path(get, path = "/api/runs/export", tag = "runs", params(ExportQuery),
    responses((status = 200, description = "The file.", content((String = "text/csv"), (Vec<RunView> = "application/json"), (String = "application/x-ndjson"))),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Query(query): Query<ExportQuery>,
) -> ApiResult<Response> {
    let format: Format = query
        .format
        .as_deref()
        .unwrap_or("csv")
        .parse()
        .map_err(|()| ApiError::invalid("format", "The format is csv, json or ndjson."))?;
    let filter = query.filter()?;
    let mut pages = Pages::new(services, claims, filter, format);
    // The first page is read before the answer begins: what is wrong then still has a status of its own.
    let first = pages.next().await?;
    let rest = stream::unfold(pages, |mut pages| async move {
        match pages.next().await {
            Ok(Some(bytes)) => Some((Ok(bytes), pages)),
            Ok(None) => None,
            Err(error) => Some((Err(io::Error::other(error)), pages.ended())),
        }
    });
    let whole = futures::StreamExt::chain(stream::iter(first.map(Ok)), rest);
    // A body may be asked once more after its end.
    let mut response = Response::new(Body::from_stream(futures::StreamExt::fuse(whole)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    let name = format!("attachment; filename=\"runs.{}\"", format.as_str());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// The export, page by page; each is a short transaction of its own.
pub(crate) struct Pages {
    services: Services,
    claims: Claims,
    filter: RunFilter,
    cursor: Option<Cursor>,
    writer: Writer,
    is_over: bool,
}

impl Pages {
    /// Nothing read yet.
    pub(crate) fn new(services: Services, claims: Claims, filter: RunFilter, format: Format) -> Self {
        Self {
            services,
            claims,
            filter,
            cursor: None,
            writer: Writer::new(format),
            is_over: false,
        }
    }

    fn ended(mut self) -> Self {
        self.is_over = true;
        self
    }

    /// The next part of the file; `None` after the last.
    pub(crate) async fn next(&mut self) -> db::Result<Option<Bytes>> {
        if self.is_over {
            return Ok(None);
        }
        let mut tx = self.services.begin(&self.claims).await?;
        let page = read::list_runs(&mut tx, &self.filter, self.cursor.as_ref(), AT_ONCE).await?;
        drop(tx);
        self.is_over = page.next.is_none();
        self.cursor = page.next;
        for row in page.runs {
            self.writer.add(&RunView::from(row));
        }
        if self.is_over {
            self.writer.end();
        }
        Ok(Some(self.writer.take()))
    }
}
