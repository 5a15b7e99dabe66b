//! Why a formula has no value, in the errors that the API knows and in words.

use ironcalc_base::expressions::token::Error;

use super::translate::Note;
use crate::limits::MOST_CHARACTERS;
use crate::model::Computed;

/// Says what an error of the engine is to people.
pub(super) fn of(error: &Error, said: Option<&str>) -> Computed {
    let (shown, message) = match error {
        Error::DIV => ("#DIV/0!", "Something is divided by zero."),
        Error::VALUE => (
            "#VALUE!",
            "A value is of a kind that does not fit, such as a text in a sum.",
        ),
        Error::REF => ("#REF!", "A reference names cells that do not exist."),
        Error::NAME => ("#NAME?", "There is no function or name that is called so."),
        Error::NUM => ("#NUM!", "A number is outside what can be worked out."),
        Error::NULL => ("#NULL!", "Two ranges that should cross do not."),
        Error::NA => ("#N/A", "A value is not available."),
        Error::CALC => ("#N/A", "Nothing matches, so there is no value."),
        Error::NIMPL => (
            "#N/A",
            "Runboard does not evaluate this function. Replace it by others, or by its values.",
        ),
        Error::SPILL => (
            "#REF!",
            "The result does not fit because it would overwrite data in another cell. Clear the cells below and to the right.",
        ),
        Error::CIRC => ("#REF!", "The formula depends on its own result."),
        Error::ERROR => ("#ERROR!", "The formula cannot be read."),
    };
    let said = said.filter(|said| matches!(error, Error::NAME) && said.starts_with("Invalid function"));
    Computed::Error {
        shown: shown.to_owned(),
        message: said.map_or_else(|| message.to_owned(), |said| format!("{message} {said}.")),
    }
}

/// Returns the engine's name of an error, for one that comes from another workbook.
pub(super) fn engine_name(shown: &str) -> &str {
    match shown {
        "#DIV/0!" | "#VALUE!" | "#REF!" | "#NAME?" | "#NUM!" | "#NULL!" => shown,
        _ => "#N/A",
    }
}

/// Says that a result is larger than the tab.
pub(super) fn over_the_edge(rows: u32, columns: u32) -> Computed {
    Computed::Error {
        shown: "#REF!".to_owned(),
        message: format!(
            "The result does not fit into the tab, which would need {rows} rows and {columns} columns. Add rows or columns."
        ),
    }
}

/// Replaces what a cell cannot hold by an error.
pub(super) fn fit(value: Computed) -> Computed {
    match value {
        Computed::Number(number) if !number.is_finite() => of(&Error::NUM, None),
        Computed::Text(text) if text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS => {
            Computed::Error {
                shown: "#VALUE!".to_owned(),
                message: format!("The result is longer than the {MOST_CHARACTERS} characters of a cell."),
            }
        }
        value => value,
    }
}

/// Puts the reason that is known before the engine ran in the place of its own.
pub(super) fn noted(value: Computed, note: Option<&Note>) -> Computed {
    match (value, note) {
        (Computed::Error { shown, .. }, Some((kind, message))) if shown == *kind => Computed::Error {
            shown,
            message: message.clone(),
        },
        (value, _) => value,
    }
}
