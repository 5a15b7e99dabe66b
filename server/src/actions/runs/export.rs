//! `GET /api/runs/export`: every run that a filter names, as a file.

use super::{
    filter::{filtered, resolved},
    view::RunView,
};
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    export::{
        Format, Writer,
        sheet::{MOST, Sheet},
    },
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
use std::{error::Error, fs::File, io};
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

/// Runs that are in memory at a time.
const AT_ONCE: i64 = 500;

filtered! {
    /// Which runs, and as what.
    #[derive(Debug, Clone, Deserialize, IntoParams)]
    #[serde(deny_unknown_fields)]
    #[into_params(parameter_in = Query)]
    pub struct ExportQuery {
        /// csv, json, ndjson or xlsx; csv when left out.
        format: Option<String>,
    }
}

/// Exports runs, newest first. A cell that a spreadsheet would take for a formula begins with a quote.
#[utoipa::path(get, path = "/api/runs/export", tag = "runs", params(ExportQuery),
    responses((status = 200, description = "The file.", content((String = "text/csv"), (Vec<RunView> = "application/json"), (String = "application/x-ndjson"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
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
        .map_err(|()| ApiError::invalid("format", "The format is csv, json, ndjson or xlsx."))?;
    let filter = resolved(&services, &claims, &query.words()?);
    let body = match format {
        Format::Xlsx => workbook(Pages::new(services, claims, filter, format)).await?,
        _ => text(Pages::new(services, claims, filter, format)).await?,
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    let name = format!("attachment; filename=\"runs.{}\"", format.as_str());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// The file as it is read.
async fn text(mut pages: Pages) -> ApiResult<Body> {
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
    Ok(Body::from_stream(futures::StreamExt::fuse(whole)))
}

/// The workbook, from a file that is gone when the last byte of it has left: its end must be known before its
/// beginning can be written.
async fn workbook(mut pages: Pages) -> ApiResult<Body> {
    let sheet = sheet(&mut pages).await.map_err(|error| match error {
        SheetError::Read(error) => error.into(),
        SheetError::Full => ApiError::invalid(
            "format",
            format!("A sheet holds {MOST} runs, and the filter names more."),
        )
        .hint("Narrow the filter, or take csv."),
        SheetError::Write(error) => ApiError::internal(error),
    })?;
    let written = tokio::task::spawn_blocking(move || -> Result<File, Box<dyn Error + Send + Sync>> {
        let file = tempfile::NamedTempFile::new()?;
        sheet.save(file.path())?;
        Ok(file.reopen()?)
    });
    let file = written.await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
    Ok(Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file))))
}

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SheetError {
    /// The runs could not be read.
    #[error("the runs could not be read")]
    Read(#[from] db::DbError),
    /// A row could not be written.
    #[error("the workbook could not be written")]
    Write(#[from] rust_xlsxwriter::XlsxError),
    /// There are more runs than rows.
    #[error("a sheet holds {MOST} runs, and the filter names more")]
    Full,
}

/// Everything the filter names, as a sheet to be saved.
pub(crate) async fn sheet(pages: &mut Pages) -> Result<Sheet, SheetError> {
    let mut sheet = Sheet::new()?;
    while let Some(runs) = pages.next_runs().await? {
        for run in &runs {
            if !sheet.add(run)? {
                return Err(SheetError::Full);
            }
        }
    }
    Ok(sheet)
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
        for run in self.read().await? {
            self.writer.add(&run);
        }
        if self.is_over {
            self.writer.end();
        }
        Ok(Some(self.writer.take()))
    }

    /// The next runs; `None` after the last.
    async fn next_runs(&mut self) -> db::Result<Option<Vec<RunView>>> {
        if self.is_over {
            return Ok(None);
        }
        self.read().await.map(Some)
    }

    async fn read(&mut self) -> db::Result<Vec<RunView>> {
        let mut tx = self.services.begin(&self.claims).await?;
        let page = read::list_runs(&mut tx, &self.filter, self.cursor.as_ref(), AT_ONCE).await?;
        self.is_over = page.next.is_none();
        self.cursor = page.next;
        Ok(page.runs.into_iter().map(RunView::from).collect())
    }
}
