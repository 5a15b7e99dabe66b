//! `spreadsheets.batchUpdate`: requests applied together, all or none.

mod cells;
mod dimensions;
#[cfg(test)]
mod each_kind;
mod metadata;
mod ranges;
mod rules;
mod sort;
mod tabs;
#[cfg(test)]
mod tests;

pub(crate) use dimensions::insert_rows;

use sheets::wire::{BatchUpdateSpreadsheetRequest, BatchUpdateSpreadsheetResponse, Code, Refusal, Reply, Request};

use crate::get::{self, Asked};
use crate::limits::{check_batch, check_size};
use crate::model::Workbook;
use crate::values::{Applied, apply};

/// Applies a batch.
pub fn batch_update(
    workbook: &Workbook,
    batch: &BatchUpdateSpreadsheetRequest,
) -> Result<Applied<BatchUpdateSpreadsheetResponse>, Refusal> {
    let requests = batch.requests.as_deref().unwrap_or_default();
    if requests.is_empty() {
        return Err(Refusal::invalid("Must specify at least one request."));
    }
    check_batch(requests.len())?;
    let work = |workbook: &mut Workbook| {
        let mut replies = Vec::with_capacity(requests.len());
        for (at, request) in requests.iter().enumerate() {
            let reply = one(workbook, request).and_then(|reply| check_size(workbook).map(|()| reply));
            replies.push(reply.map_err(|refusal| refusal.of_request(at, request.name()))?);
        }
        Ok(replies)
    };
    apply(workbook, work, |workbook, replies| {
        let updated_spreadsheet = if batch.include_spreadsheet_in_response == Some(true) {
            let ranges = batch.response_ranges.clone().unwrap_or_default();
            let grid_data = batch.response_include_grid_data.unwrap_or(false);
            Some(get::spreadsheet(workbook, &Asked { ranges, grid_data })?)
        } else {
            None
        };
        let spreadsheet_id = Some(workbook.id.clone());
        Ok(BatchUpdateSpreadsheetResponse {
            spreadsheet_id,
            replies: Some(replies),
            updated_spreadsheet,
        })
    })
}

fn one(workbook: &mut Workbook, request: &Request) -> Result<Reply, Refusal> {
    let none = |()| Reply::default();
    match request {
        Request::UpdateSpreadsheetProperties(asked) => tabs::update_workbook(workbook, asked).map(none),
        Request::AddSheet(asked) => tabs::add(workbook, asked),
        Request::DeleteSheet(asked) => tabs::delete(workbook, asked).map(none),
        Request::UpdateSheetProperties(asked) => tabs::update(workbook, asked).map(none),
        Request::InsertDimension(asked) => dimensions::insert(workbook, asked).map(none),
        Request::DeleteDimension(asked) => dimensions::delete(workbook, asked).map(none),
        Request::AppendDimension(asked) => dimensions::append(workbook, asked).map(none),
        Request::MoveDimension(asked) => dimensions::shift(workbook, asked).map(none),
        Request::UpdateDimensionProperties(asked) => dimensions::update(workbook, asked).map(none),
        Request::AppendCells(asked) => cells::append(workbook, asked).map(none),
        Request::InsertRange(asked) => ranges::insert(workbook, asked).map(none),
        Request::DeleteRange(asked) => ranges::delete(workbook, asked).map(none),
        Request::SortRange(asked) => sort::sort(workbook, asked).map(none),
        Request::UpdateCells(asked) => cells::update(workbook, asked).map(none),
        Request::RepeatCell(asked) => cells::repeat(workbook, asked).map(none),
        Request::SetDataValidation(asked) => cells::validate(workbook, asked).map(none),
        Request::AddProtectedRange(asked) => rules::protect(workbook, asked),
        Request::UpdateProtectedRange(asked) => rules::update_protection(workbook, asked).map(none),
        Request::DeleteProtectedRange(asked) => rules::unprotect(workbook, asked).map(none),
        Request::AddConditionalFormatRule(asked) => rules::add_format(workbook, asked).map(none),
        Request::DeleteConditionalFormatRule(asked) => rules::delete_format(workbook, asked),
        Request::CreateDeveloperMetadata(asked) => metadata::create(workbook, asked),
        Request::UpdateDeveloperMetadata(asked) => metadata::update(workbook, asked),
        Request::DeleteDeveloperMetadata(asked) => metadata::delete(workbook, asked),
        Request::Unknown(name) => Err(Refusal::new(
            Code::Unimplemented,
            format!("Runboard does not serve the request kind {name}."),
        )),
    }
}

/// Refuses a request that leaves a needed part out.
pub(crate) fn needed<'a, T>(part: Option<&'a T>, name: &str) -> Result<&'a T, Refusal> {
    part.ok_or_else(|| Refusal::invalid(format!("{name} must be set.")))
}

/// Reads the mask of a request that needs one.
pub(crate) fn mask(fields: Option<&String>) -> Result<sheets::fields::Mask, Refusal> {
    let text = fields.map(String::as_str).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Refusal::invalid(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ));
    }
    sheets::fields::Mask::parse(text).map_err(|error| Refusal::invalid(error.to_string()))
}
