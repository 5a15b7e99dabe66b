//! A column: its header, what stands in it, whose it is, and where it is kept.

use crate::headers::folded;

/// Who may write the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A product manager edits it; save actions store it.
    Pm,
    /// Runboard writes it; people read it.
    System,
}

impl Owner {
    /// The word in row 2.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pm => "PM",
            Self::System => "system",
        }
    }
}

/// The words a choice column takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Choices {
    /// The words, in the order of the dropdown.
    pub words: &'static [&'static str],
    /// Words of an older vocabulary and the word each of them means today.
    pub older: &'static [(&'static str, &'static str)],
}

impl Choices {
    /// Words without an older vocabulary.
    pub const fn of(words: &'static [&'static str]) -> Self {
        Self { words, older: &[] }
    }

    /// The word that `text` means, however its letters and separators are written.
    pub fn find(&self, text: &str) -> Option<&'static str> {
        let wanted = folded(text);
        let today = self.words.iter().copied().find(|word| folded(word) == wanted);
        today.or_else(|| {
            let older = self.older.iter().find(|(older, _)| folded(older) == wanted);
            older.map(|(_, word)| *word)
        })
    }
}

/// What stands in the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A checkbox.
    Boolean,
    /// A day.
    Date,
    /// A day and a time of day, in the zone of the workbook.
    Moment,
    /// The key of something.
    Key,
    /// One word of a few.
    Choice(&'static Choices),
    /// Several keys in one cell.
    KeyList,
    /// A planning period.
    Period,
    /// One planning period or several.
    PeriodList,
    /// JSON.
    Json,
}

impl Kind {
    /// The word in row 3.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "yes or no",
            Self::Date => "date",
            Self::Moment => "date and time",
            Self::Key => "key",
            Self::Choice(_) => "choice",
            Self::KeyList => "list of keys",
            Self::Period => "period",
            Self::PeriodList => "list of periods",
            Self::Json => "JSON",
        }
    }
}

/// One column of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The header as Runboard writes it; of a pattern, the header with its variable part in `<>`.
    pub header: &'static str,
    /// Other headers under which it is found.
    pub aliases: &'static [&'static str],
    /// What stands in it.
    pub kind: Kind,
    /// The unit of its numbers.
    pub unit: Option<&'static str>,
    /// Who may write it.
    pub owner: Owner,
    /// Whether a run fails without it.
    pub required: bool,
    /// What every header of the pattern begins with, when this is a pattern and not one column.
    pub pattern: Option<&'static str>,
    /// The database column in which it is kept.
    pub kept_in: Option<&'static str>,
    /// What to write, in words for product managers.
    pub help: &'static str,
}

impl Column {
    const fn new(header: &'static str, kind: Kind, owner: Owner, help: &'static str) -> Self {
        Self {
            header,
            aliases: &[],
            kind,
            unit: None,
            owner,
            required: false,
            pattern: None,
            kept_in: None,
            help,
        }
    }

    /// The same column, without which a run fails.
    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same column, with the unit of its numbers.
    pub(super) const fn unit(self, unit: &'static str) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }

    /// The same column, found under other headers too.
    pub(super) const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The columns whose headers begin with `prefix`.
    pub(super) const fn pattern(self, prefix: &'static str) -> Self {
        Self {
            pattern: Some(prefix),
            ..self
        }
    }

    /// What row 3 says: kind, unit, and the words of a choice.
    pub fn kind_in_words(&self) -> String {
        let unit = self.unit.map(|unit| format!(", {unit}")).unwrap_or_default();
        match self.kind {
            Kind::Choice(choices) => format!("{}: {}", self.kind.word(), choices.words.join(", ")),
            kind => format!("{}{unit}", kind.word()),
        }
    }

    /// The variable part of `header`, when this is a pattern and the header follows it.
    pub fn argument<'h>(&self, header: &'h str) -> Option<&'h str> {
        let prefix = self.pattern?;
        let head = header.get(..prefix.len())?;
        let rest = header[prefix.len()..].trim();
        (head.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(rest)
    }
}

/// A column that product managers edit.
pub(super) const fn pm(header: &'static str, kind: Kind, kept_in: &'static str, help: &'static str) -> Column {
    Column {
        kept_in: Some(kept_in),
        ..Column::new(header, kind, Owner::Pm, help)
    }
}

/// A column that Runboard writes from the database.
pub(super) const fn system(header: &'static str, kind: Kind, kept_in: &'static str, help: &'static str) -> Column {
    Column {
        kept_in: Some(kept_in),
        ..Column::new(header, kind, Owner::System, help)
    }
}

/// A column that Runboard writes and that is kept in the sheet only.
pub(super) const fn shown(header: &'static str, kind: Kind, help: &'static str) -> Column {
    Column::new(header, kind, Owner::System, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_gives_the_variable_part_of_a_header() {
        let weight = pm("weight: <kpi>", Kind::Number, "scenarios.objective_weights", "").pattern("weight:");
        assert_eq!(weight.argument("Weight: revenue_growth"), Some("revenue_growth"));
        assert_eq!(weight.argument("weight:"), None);
        assert_eq!(weight.argument("weights"), None);
        assert_eq!(weight.argument("größe"), None);
    }

    #[test]
    fn a_word_of_a_choice_is_found_however_it_is_written_and_in_its_older_form() {
        const TYPES: Choices = Choices {
            words: &["floor", "forced_out"],
            older: &[("capacity_floor", "floor")],
        };
        assert_eq!(TYPES.find(" Forced-Out "), Some("forced_out"));
        assert_eq!(TYPES.find("Capacity Floor"), Some("floor"));
        assert_eq!(TYPES.find("ceiling"), None);
    }
}
