//! Colours and formats. The same in Google Sheets and in the grid, so they are values and no tokens.

use super::{Placed, data_rows, runs, sheet_id};
use crate::a1::Span;
use crate::tabs::{Kind, Layout, Owner, Tab};
use crate::wire::{
    AddConditionalFormatRuleRequest, BooleanCondition, BooleanRule, CellData, CellFormat, Color, ColorStyle,
    ConditionValue, ConditionalFormatRule, DeleteConditionalFormatRuleRequest, GridRange, NumberFormat,
    RepeatCellRequest, Request, Sheet, TextFormat,
};

/// Red, green and blue, each of 255.
type Channels = [u8; 3];

const PM: Channels = [219, 231, 255];
const SYSTEM: Channels = [236, 238, 242];
const INK: Channels = [24, 28, 36];
const QUIET_INK: Channels = [82, 92, 110];

/// Statuses by what they begin with, and the colour of their cells.
const STATUSES: [(&str, Channels); 4] = [
    ("OK", [220, 242, 226]),
    ("SKIPPED", [236, 238, 242]),
    ("FAILED", [253, 221, 219]),
    ("CONFLICT", [255, 236, 204]),
];

/// A header.
pub(super) fn head(owner: Owner) -> CellFormat {
    format(owner, true, INK)
}

/// The rows that explain a column.
pub(super) fn help(owner: Owner) -> CellFormat {
    format(owner, false, QUIET_INK)
}

fn format(owner: Owner, bold: bool, ink: Channels) -> CellFormat {
    let ground = match owner {
        Owner::Pm => PM,
        Owner::System => SYSTEM,
    };
    CellFormat {
        background_color_style: Some(style(ground)),
        text_format: Some(TextFormat {
            bold: Some(bold),
            foreground_color_style: Some(style(ink)),
            ..TextFormat::default()
        }),
        wrap_strategy: Some("WRAP".to_owned()),
        vertical_alignment: Some("TOP".to_owned()),
        ..CellFormat::default()
    }
}

fn style(channels: Channels) -> ColorStyle {
    let part = |channel: u8| Some(f64::from(channel) / 255.0);
    ColorStyle {
        rgb_color: Some(Color {
            red: part(channels[0]),
            green: part(channels[1]),
            blue: part(channels[2]),
            alpha: None,
        }),
        theme_color: None,
    }
}

/// Days are written as numbers; their columns say how people see them.
pub(super) fn number_formats(id: i64, layout: Layout, columns: &[Placed]) -> Vec<Request> {
    let days = runs(columns, |placed| placed.column.kind == Kind::Date);
    let request = |span| {
        Request::RepeatCell(Box::new(RepeatCellRequest {
            range: Some(GridRange::of(id, data_rows(layout), span)),
            cell: Some(CellData {
                user_entered_format: Some(CellFormat {
                    number_format: Some(NumberFormat {
                        r#type: Some("DATE".to_owned()),
                        pattern: Some("yyyy-mm-dd".to_owned()),
                    }),
                    ..CellFormat::default()
                }),
                ..CellData::default()
            }),
            fields: Some("userEnteredFormat.numberFormat".to_owned()),
        }))
    };
    days.into_iter().map(request).collect()
}

/// Statuses in their colours; rules of an earlier time are taken away.
pub(super) fn status_colours(sheet: &Sheet, tab: &Tab, columns: &[Placed]) -> Vec<Request> {
    let Some(status) = tab
        .status_column()
        .and_then(|column| columns.iter().find(|placed| placed.column == column))
    else {
        return Vec::new();
    };
    let id = sheet_id(sheet);
    let range = GridRange::of(id, data_rows(tab.layout), Span::one(status.at));
    let known = sheet.conditional_formats.as_deref().unwrap_or_default();
    // From the last to the first: taking one away moves those behind it.
    let old = known.iter().enumerate().rev().filter(|(_, rule)| is_ours(rule));
    let gone = old.map(|(at, _)| {
        Request::DeleteConditionalFormatRule(Box::new(DeleteConditionalFormatRuleRequest {
            sheet_id: Some(id),
            index: Some(at as i64),
        }))
    });
    let new = STATUSES.iter().enumerate().map(|(at, (word, ground))| {
        Request::AddConditionalFormatRule(Box::new(AddConditionalFormatRuleRequest {
            rule: Some(rule(range.clone(), word, *ground)),
            index: Some(at as i64),
        }))
    });
    gone.chain(new).collect()
}

fn rule(range: GridRange, word: &str, ground: Channels) -> ConditionalFormatRule {
    ConditionalFormatRule {
        ranges: Some(vec![range]),
        boolean_rule: Some(BooleanRule {
            condition: Some(BooleanCondition {
                r#type: Some("TEXT_STARTS_WITH".to_owned()),
                values: Some(vec![ConditionValue {
                    user_entered_value: Some(word.to_owned()),
                    relative_date: None,
                }]),
            }),
            format: Some(CellFormat {
                background_color_style: Some(style(ground)),
                ..CellFormat::default()
            }),
        }),
        gradient_rule: None,
    }
}

/// One range, and a condition that only a status meets.
fn is_ours(rule: &ConditionalFormatRule) -> bool {
    let condition = rule.boolean_rule.as_ref().and_then(|rule| rule.condition.as_ref());
    let Some(condition) = condition.filter(|condition| condition.r#type.as_deref() == Some("TEXT_STARTS_WITH")) else {
        return false;
    };
    let words: Vec<&str> = condition
        .values
        .iter()
        .flatten()
        .filter_map(|value| value.user_entered_value.as_deref())
        .collect();
    matches!(words.as_slice(), [word] if STATUSES.iter().any(|(known, _)| known == word))
}
