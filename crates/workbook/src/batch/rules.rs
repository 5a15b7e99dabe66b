//! Protected ranges and conditional formats.

use sheets::wire::{
    AddConditionalFormatRuleRequest, AddProtectedRangeReply, AddProtectedRangeRequest,
    DeleteConditionalFormatRuleReply, DeleteConditionalFormatRuleRequest, DeleteProtectedRangeRequest, ProtectedRange,
    Refusal, Reply, UpdateProtectedRangeRequest,
};

use super::{mask, needed};
use crate::model::Workbook;
use crate::place;

pub(super) fn protect(workbook: &mut Workbook, asked: &AddProtectedRangeRequest) -> Result<Reply, Refusal> {
    let mut protection = needed(asked.protected_range.as_ref(), "protectedRange")?.clone();
    let sheet = sheet_of(workbook, &protection)?;
    let id = match protection.protected_range_id {
        Some(id) if find(workbook, id).is_some() => {
            return Err(Refusal::invalid(format!(
                "A protected range with id {id} already exists."
            )));
        }
        Some(id) => id,
        None => workbook.take_id(),
    };
    protection.protected_range_id = Some(id);
    protection.requesting_user_can_edit = None;
    workbook.sheets[sheet].protected_ranges.push(protection.clone());
    let reply = AddProtectedRangeReply {
        protected_range: Some(protection),
    };
    Ok(Reply {
        add_protected_range: Some(reply),
        ..Reply::default()
    })
}

pub(super) fn update_protection(workbook: &mut Workbook, asked: &UpdateProtectedRangeRequest) -> Result<(), Refusal> {
    let mask = mask(asked.fields.as_ref())?;
    let new = needed(asked.protected_range.as_ref(), "protectedRange")?;
    let id = new.protected_range_id.unwrap_or_default();
    let (sheet, at) = find(workbook, id).ok_or_else(|| missing(id))?;
    let mut kept = workbook.sheets[sheet].protected_ranges[at].clone();
    if mask.has(&["range"]) {
        kept.range.clone_from(&new.range);
    }
    if mask.has(&["description"]) {
        kept.description.clone_from(&new.description);
    }
    if mask.has(&["warningOnly"]) {
        kept.warning_only = new.warning_only;
    }
    if mask.has(&["unprotectedRanges"]) {
        kept.unprotected_ranges.clone_from(&new.unprotected_ranges);
    }
    if mask.has(&["editors"]) {
        kept.editors.clone_from(&new.editors);
    }
    let target = sheet_of(workbook, &kept)?;
    workbook.sheets[sheet].protected_ranges.remove(at);
    let list = &mut workbook.sheets[target].protected_ranges;
    list.insert(at.min(list.len()), kept);
    Ok(())
}

pub(super) fn unprotect(workbook: &mut Workbook, asked: &DeleteProtectedRangeRequest) -> Result<(), Refusal> {
    let id = asked.protected_range_id.unwrap_or_default();
    let (sheet, at) = find(workbook, id).ok_or_else(|| missing(id))?;
    workbook.sheets[sheet].protected_ranges.remove(at);
    Ok(())
}

pub(super) fn add_format(workbook: &mut Workbook, asked: &AddConditionalFormatRuleRequest) -> Result<(), Refusal> {
    let rule = needed(asked.rule.as_ref(), "rule")?;
    let first = rule.ranges.as_ref().and_then(|ranges| ranges.first());
    let first = first.ok_or_else(|| Refusal::invalid("rule.ranges must name at least one range."))?;
    let sheet = place::of_grid(workbook, first)?.sheet;
    if rule.ranges.iter().flatten().any(|range| range.sheet() != first.sheet()) {
        return Err(Refusal::invalid("All ranges of a rule must be on the same tab."));
    }
    let list = &mut workbook.sheets[sheet].conditional_formats;
    let at = usize::try_from(asked.index.unwrap_or(0))
        .ok()
        .filter(|at| *at <= list.len());
    let at = at.ok_or_else(|| Refusal::invalid(format!("index must be 0 to {}.", list.len())))?;
    list.insert(at, rule.clone());
    Ok(())
}

pub(super) fn delete_format(
    workbook: &mut Workbook,
    asked: &DeleteConditionalFormatRuleRequest,
) -> Result<Reply, Refusal> {
    let sheet = place::sheet_of(workbook, asked.sheet_id.unwrap_or(0))?;
    let list = &mut workbook.sheets[sheet].conditional_formats;
    let at = usize::try_from(asked.index.unwrap_or(0))
        .ok()
        .filter(|at| *at < list.len());
    let at = at.ok_or_else(|| Refusal::invalid("No conditional format on sheet at that index."))?;
    let reply = DeleteConditionalFormatRuleReply {
        rule: Some(list.remove(at)),
    };
    Ok(Reply {
        delete_conditional_format_rule: Some(reply),
        ..Reply::default()
    })
}

fn sheet_of(workbook: &Workbook, protection: &ProtectedRange) -> Result<usize, Refusal> {
    Ok(place::of_grid(workbook, needed(protection.range.as_ref(), "protectedRange.range")?)?.sheet)
}

fn find(workbook: &Workbook, id: i64) -> Option<(usize, usize)> {
    workbook.sheets.iter().enumerate().find_map(|(sheet, tab)| {
        let at = tab
            .protected_ranges
            .iter()
            .position(|protection| protection.protected_range_id == Some(id))?;
        Some((sheet, at))
    })
}

fn missing(id: i64) -> Refusal {
    Refusal::invalid(format!("No protected range with ID: {id}"))
}
