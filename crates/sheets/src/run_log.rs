//! The run log of a workbook: one row per run, the newest on top.
//!
//! A click may have written the row of its run already; whoever knows more writes it again. All of it is one batch: a row
//! is never inserted and left empty.

use crate::{
    a1::Span,
    headers::Headers,
    rows::{RowKey, Rows, Standing},
    values::{CellValue, NotFinite, write},
    wire::{
        CellData, DeleteDimensionRequest, Dimension, DimensionRange, ExtendedValue, InsertDimensionRequest, Request,
    },
};
use chrono::NaiveDateTime;
use serde_json::Value;

/// Runs that are kept in a log.
pub const MOST_RUNS: u32 = 500;

/// What the log says about a run. Times are those of the workbook's zone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoggedRun {
    /// The run.
    pub run_id: String,
    /// What was asked for.
    pub action: String,
    /// The tab it was asked for on.
    pub tab: String,
    /// Which rows, in words.
    pub scope: String,
    /// Who asked.
    pub requested_by: String,
    /// Where it stands.
    pub status: String,
    /// When it was asked for.
    pub queued_at: Option<NaiveDateTime>,
    /// When work began.
    pub started_at: Option<NaiveDateTime>,
    /// When it ended.
    pub finished_at: Option<NaiveDateTime>,
    /// Rows that are done, and out of how many.
    pub done: Option<(u64, u64)>,
    /// Rows that were changed.
    pub updated: Option<u32>,
    /// Rows that were left alone.
    pub skipped: Option<u32>,
    /// Rows that need somebody.
    pub failed: Option<u32>,
    /// How it went, in a sentence.
    pub message: String,
    /// A word to search for when it failed.
    pub error_code: Option<String>,
    /// The run in Runboard.
    pub link: String,
}

/// Why a run cannot be logged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LogError {
    /// Its row stands twice; both are left as they are.
    #[error("the run {run_id} stands in the run log more than once (rows {rows}); delete all but one")]
    Twice {
        /// The run.
        run_id: String,
        /// Its rows.
        rows: String,
    },
    /// A number that no cell can hold.
    #[error(transparent)]
    NotFinite(#[from] NotFinite),
}

/// The batch that writes `run` into the log `sheet_id`, of which `headers` and `rows` were just read.
pub fn upsert(sheet_id: i64, headers: &Headers, rows: &Rows, run: &LoggedRun) -> Result<Vec<Request>, LogError> {
    let first = headers.tab.layout.first_data_row();
    let mut requests = Vec::new();
    let known = RowKey::new([run.run_id.as_str()]).map_or(Standing::Gone, |key| rows.find(&key));
    let row = match known {
        Standing::At(row) => row,
        Standing::Twice(places) => {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            return Err(LogError::Twice {
                run_id: run.run_id.clone(),
                rows: places.join(", "),
            });
        }
        Standing::Gone => {
            requests.push(insert(sheet_id, first - 1));
            requests.extend(trim(sheet_id, first, rows.last()));
            first
        }
    };
    for found in &headers.found {
        let value = write(run.cell(found.column.header).as_ref())?;
        requests.push(cell(sheet_id, row, found.at, &value));
    }
    Ok(requests)
}

impl LoggedRun {
    fn cell(&self, header: &str) -> Option<CellValue> {
        let text = |text: &str| (!text.is_empty()).then(|| CellValue::Text(text.to_owned()));
        let count = |count: Option<u32>| count.map(|count| CellValue::Number(f64::from(count)));
        match header {
            "run_id" => text(&self.run_id),
            "action" => text(&self.action),
            "tab" => text(&self.tab),
            "scope" => text(&self.scope),
            "requested_by" => text(&self.requested_by),
            "status" => text(&self.status),
            "queued_at" => self.queued_at.map(CellValue::Moment),
            "started_at" => self.started_at.map(CellValue::Moment),
            "finished_at" => self.finished_at.map(CellValue::Moment),
            "done" => self.done.and_then(|(done, total)| text(&format!("{done} of {total}"))),
            "updated" => count(self.updated),
            "skipped" => count(self.skipped),
            "failed" => count(self.failed),
            "message" => text(&self.message),
            "error_code" => self.error_code.as_deref().and_then(text),
            "link" => text(&self.link),
            _ => None,
        }
    }
}

/// One row before the others; `at` is counted from 0.
fn insert(sheet_id: i64, at: u32) -> Request {
    Request::InsertDimension(Box::new(InsertDimensionRequest {
        range: Some(rows_of(sheet_id, Span::one(at))),
        inherit_from_before: Some(false),
    }))
}

/// Takes the oldest away when a row has just come in; `last` was the last row before, counted from 1.
fn trim(sheet_id: i64, first: u32, last: Option<u32>) -> Option<Request> {
    let (last, kept) = (last? + 1, first - 1 + MOST_RUNS);
    (last > kept).then(|| {
        Request::DeleteDimension(Box::new(DeleteDimensionRequest {
            range: Some(rows_of(sheet_id, Span::new(kept, last))),
        }))
    })
}

fn rows_of(sheet_id: i64, span: Span) -> DimensionRange {
    DimensionRange {
        sheet_id: Some(sheet_id),
        dimension: Some(Dimension::Rows),
        start_index: span.start.map(i64::from),
        end_index: span.end.map(i64::from),
    }
}

fn cell(sheet_id: i64, row: u32, column: u32, value: &Value) -> Request {
    let entered = match value {
        Value::Number(number) => ExtendedValue {
            number_value: number.as_f64(),
            ..ExtendedValue::default()
        },
        Value::Bool(yes) => ExtendedValue {
            bool_value: Some(*yes),
            ..ExtendedValue::default()
        },
        other => ExtendedValue {
            string_value: other.as_str().map(str::to_owned),
            ..ExtendedValue::default()
        },
    };
    let is_blank = value.as_str() == Some("");
    let cell = CellData {
        user_entered_value: (!is_blank).then_some(entered),
        ..CellData::default()
    };
    Request::column_of_cells(sheet_id, row - 1, column, vec![cell], "userEnteredValue")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tabs::RUN_LOG;
    use serde_json::json;

    fn headers() -> Headers {
        let row: Vec<Value> = ["note", "run_id", "status", "done/total", "updated"]
            .iter()
            .map(|text| json!(text))
            .collect();
        Headers::resolve(&RUN_LOG, &row).unwrap()
    }

    fn log(runs: &[&str]) -> Rows {
        let data: Vec<Vec<Value>> = runs.iter().map(|run| vec![json!(""), json!(run)]).collect();
        Rows::index(&headers(), RUN_LOG.layout.first_data_row(), &data)
    }

    fn run(id: &str) -> LoggedRun {
        LoggedRun {
            run_id: id.to_owned(),
            status: "running".to_owned(),
            done: Some((3, 20)),
            updated: Some(2),
            ..LoggedRun::default()
        }
    }

    /// Row, column and value of every cell that is written.
    fn written(requests: &[Request]) -> Vec<(i64, i64, Value)> {
        requests
            .iter()
            .filter_map(|request| match request {
                Request::UpdateCells(update) => {
                    let start = update.start.as_ref()?;
                    let cell = update.rows.as_ref()?.first()?.values.as_ref()?.first()?;
                    let value = serde_json::to_value(&cell.user_entered_value).unwrap();
                    Some((start.row_index?, start.column_index?, value))
                }
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_new_run_comes_on_top_and_only_into_columns_of_the_log() {
        let requests = upsert(9, &headers(), &log(&["run_1"]), &run("run_2")).unwrap();
        assert_eq!(
            serde_json::to_value(&requests[0]).unwrap(),
            json!({"insertDimension": {"range": {"sheetId": 9, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}, "inheritFromBefore": false}})
        );
        assert_eq!(
            written(&requests),
            [
                (4, 1, json!({"stringValue": "run_2"})),
                (4, 2, json!({"stringValue": "running"})),
                (4, 3, json!({"stringValue": "3 of 20"})),
                (4, 4, json!({"numberValue": 2.0})),
            ]
        );
    }

    #[test]
    fn a_known_run_is_written_where_it_stands() {
        let blank = LoggedRun {
            updated: None,
            ..run("run_1")
        };
        let requests = upsert(9, &headers(), &log(&["run_2", "run_1"]), &blank).unwrap();
        let cells = written(&requests);
        assert_eq!(requests.len(), cells.len());
        assert!(cells.iter().all(|(row, ..)| *row == 5));
        assert_eq!(cells[3], (5, 4, Value::Null));
    }

    #[test]
    fn the_oldest_runs_go_when_there_are_too_many() {
        let names: Vec<String> = (0..MOST_RUNS).map(|at| format!("run_{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let requests = upsert(9, &headers(), &log(&names), &run("new")).unwrap();
        assert_eq!(
            serde_json::to_value(&requests[1]).unwrap(),
            json!({"deleteDimension": {"range": {"sheetId": 9, "dimension": "ROWS", "startIndex": 504, "endIndex": 505}}})
        );
        let fewer = upsert(9, &headers(), &log(&names[1..]), &run("new")).unwrap();
        assert!(!matches!(fewer[1], Request::DeleteDimension(_)));
    }

    #[test]
    fn a_run_that_stands_twice_is_named_with_its_rows() {
        let refused = upsert(9, &headers(), &log(&["run_1", "run_1"]), &run("run_1")).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("run_1 stands in the run log more than once (rows 5, 6)")
        );
    }
}
