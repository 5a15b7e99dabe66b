//! Row statuses: what a run says about each selected row, and how many rows it says what about.

use std::fmt;

/// Letters of a status; more than a person reads in a cell belongs into the run.
const LONGEST: usize = 500;

/// What a run says about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowStatus {
    /// Done, with what there is to say about it.
    Ok(Option<String>),
    /// Left alone, and why.
    Skipped(String),
    /// Not done, and what to do.
    Failed(String),
    /// The sheet and the system were changed both; neither was written.
    Conflict(String),
}

impl RowStatus {
    /// Done, with nothing more to say.
    pub const DONE: Self = Self::Ok(None);

    /// Done, with a remark.
    pub fn ok(remark: impl Into<String>) -> Self {
        Self::Ok(Some(remark.into()))
    }

    /// Left alone.
    pub fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }

    /// Not done.
    pub fn failed(why: impl Into<String>) -> Self {
        Self::Failed(why.into())
    }

    /// Not done, because sheet and system say different things.
    pub fn conflict(header: &str, sheet: &str, system: &str) -> Self {
        Self::Conflict(format!(
            "{header}: the sheet says {sheet:?}, the system says {system:?}; make them equal and save again"
        ))
    }

    /// A key that stands in several rows, each counted from 1.
    pub fn duplicate_key(rows: &[u32]) -> Self {
        let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
        Self::Failed(format!("duplicate key (rows {}); keep one of them", rows.join(", ")))
    }

    /// Whether the row was done.
    pub const fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }

    /// Reads what stands in a status cell; `None` for anything that no run wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, rest) = match text.split_once(':') {
            Some((word, rest)) => (word.trim(), Some(rest.trim().to_owned())),
            None => (text.trim(), None),
        };
        match (word, rest) {
            ("OK", remark) => Some(Self::Ok(remark)),
            ("SKIPPED", Some(why)) => Some(Self::Skipped(why)),
            ("FAILED", Some(why)) => Some(Self::Failed(why)),
            ("CONFLICT", Some(why)) => Some(Self::Conflict(why)),
            _ => None,
        }
    }
}

impl fmt::Display for RowStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, rest) = match self {
            Self::Ok(None) => return f.write_str("OK"),
            Self::Ok(Some(remark)) => ("OK", remark),
            Self::Skipped(why) => ("SKIPPED", why),
            Self::Failed(why) => ("FAILED", why),
            Self::Conflict(why) => ("CONFLICT", why),
        };
        let line = rest.replace(['\n', '\r'], " ");
        match line.char_indices().nth(LONGEST) {
            Some((end, _)) => write!(f, "{word}: {}…", &line[..end]),
            None => write!(f, "{word}: {line}"),
        }
    }
}

/// How many rows a run says what about. They add up: every selected row is counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Rows that were selected.
    pub selected: usize,
    /// Rows that are OK.
    pub updated: usize,
    /// Rows that were left alone, those without a key included.
    pub skipped: usize,
    /// Rows that need somebody, conflicts included.
    pub failed: usize,
    /// Rows without a key.
    pub skipped_no_key: usize,
    /// Rows on which sheet and system disagree.
    pub conflicts: usize,
}

impl Counts {
    /// Counts the statuses of the selected rows, and those that have no key and so no status.
    pub fn of<'s>(statuses: impl IntoIterator<Item = &'s RowStatus>, without_key: usize) -> Self {
        let mut counts = Self {
            selected: without_key,
            skipped: without_key,
            skipped_no_key: without_key,
            ..Self::default()
        };
        for status in statuses {
            counts.selected += 1;
            match status {
                RowStatus::Ok(_) => counts.updated += 1,
                RowStatus::Skipped(_) => counts.skipped += 1,
                RowStatus::Failed(_) => counts.failed += 1,
                RowStatus::Conflict(_) => {
                    counts.failed += 1;
                    counts.conflicts += 1;
                }
            }
        }
        counts
    }

    /// Whether every selected row is counted once.
    pub const fn add_up(&self) -> bool {
        self.selected == self.updated + self.skipped + self.failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_it_was_written() {
        for status in [
            RowStatus::DONE,
            RowStatus::ok("3 params seeded, fill values in Params"),
            RowStatus::skipped("cell holds a formula"),
            RowStatus::failed("the key is gone: look in Archive"),
            RowStatus::conflict("title", "Old", "New"),
        ] {
            assert_eq!(RowStatus::parse(&status.to_string()), Some(status));
        }
        assert_eq!(RowStatus::ok("3 params seeded").to_string(), "OK: 3 params seeded");
        assert_eq!(RowStatus::parse("done by Ann"), None);
        assert_eq!(RowStatus::parse("FAILED"), None);
    }

    #[test]
    fn a_status_is_one_line_of_bounded_length() {
        let text = RowStatus::failed("line\n".repeat(10_000)).to_string();
        assert!(text.chars().count() < 520 && !text.contains('\n'));
    }

    #[test]
    fn duplicate_keys_name_every_row() {
        let text = RowStatus::duplicate_key(&[7, 19]).to_string();
        assert!(text.starts_with("FAILED: duplicate key (rows 7, 19)"), "{text}");
    }

    #[test]
    fn counts_add_up_with_rows_that_have_no_key_and_rows_in_conflict() {
        let statuses = [
            RowStatus::DONE,
            RowStatus::skipped("over limit 20"),
            RowStatus::failed("no effort"),
            RowStatus::conflict("title", "a", "b"),
        ];
        let counts = Counts::of(&statuses, 2);
        assert!(counts.add_up());
        assert_eq!(
            (counts.selected, counts.updated, counts.skipped, counts.failed),
            (6, 1, 3, 2)
        );
        assert_eq!((counts.skipped_no_key, counts.conflicts), (2, 1));
    }
}
