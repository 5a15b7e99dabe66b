//! `GET /api/runs`: runs, newest first.

use super::{
    filter::{filtered, resolved},
    view::RunView,
};
use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Query},
};
use ::runs::{
    Services,
    read::{self, Cursor},
};
use axum::extract::State;
use chrono::DateTime;
use serde::Deserialize;
use utoipa::IntoParams;

const MOST: i64 = 200;

filtered! {
    /// Which runs.
    #[derive(Debug, Clone, Deserialize, IntoParams)]
    #[serde(deny_unknown_fields)]
    #[into_params(parameter_in = Query)]
    pub struct ListQuery {
        /// `next_cursor` of the page before.
        cursor: Option<String>,
        /// Runs per page, 50 when left out, 200 at most.
        limit: Option<i64>,
    }
}

/// Lists runs.
///
/// Every page is looked for in a bounded part of the ledger. While `next_cursor` is not null there may be more, even after a
/// page with few runs or none.
#[utoipa::path(get, path = "/api/runs", tag = "runs", params(ListQuery),
    responses((status = 200, description = "Runs, newest first.", body = Page<RunView>),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<RunView>>> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::invalid("limit", format!("A page has 1 to {MOST} runs.")));
    }
    let cursor = query.cursor.as_deref().map(read_cursor).transpose()?;
    let filter = resolved(&services, &claims, &query.words()?);
    let mut tx = services.begin(&claims).await?;
    let page = read::list_runs(&mut tx, &filter, cursor.as_ref(), limit).await?;
    Ok(Json(Page {
        items: page.runs.into_iter().map(Into::into).collect(),
        next_cursor: page.next.as_ref().map(write_cursor),
    }))
}

fn write_cursor(cursor: &Cursor) -> String {
    format!("{}.{}", cursor.created_at.timestamp_micros(), cursor.run_id)
}

fn read_cursor(text: &str) -> ApiResult<Cursor> {
    text.split_once('.')
        .and_then(|(micros, run_id)| {
            let created_at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
            Some(Cursor {
                created_at,
                run_id: run_id.to_owned(),
            })
        })
        .ok_or_else(|| ApiError::invalid("cursor", "A cursor is the next_cursor of an earlier page."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let at = DateTime::from_timestamp_micros(1_768_383_012_123_456).unwrap();
        let cursor = Cursor {
            created_at: at,
            run_id: "run_20260114_093012_k3v7q2xw".to_owned(),
        };
        assert_eq!(read_cursor(&write_cursor(&cursor)).unwrap(), cursor);
        assert!(read_cursor("nonsense").is_err());
    }
}
