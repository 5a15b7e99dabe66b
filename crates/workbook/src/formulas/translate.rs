//! A formula as people write it in Google Sheets, put into the words of the engine.

use super::import::Imported;
use super::lex::{Kind, Token, lex};
use super::parts::{arguments, array, trimmed};
use super::reference::Reference;
use crate::model::{Value, Workbook};

/// Rows and columns of the engine's tabs.
pub(super) const ENGINE_ROWS: u32 = 1_048_576;
pub(super) const ENGINE_COLUMNS: u32 = 16_384;

/// Functions that only Google has.
const GOOGLE: &[&str] = &[
    "ARRAY_CONSTRAIN",
    "COUNTUNIQUE",
    "DETECTLANGUAGE",
    "FLATTEN",
    "GOOGLEFINANCE",
    "GOOGLETRANSLATE",
    "IMAGE",
    "IMPORTDATA",
    "IMPORTFEED",
    "IMPORTHTML",
    "IMPORTXML",
    "ISEMAIL",
    "ISURL",
    "JOIN",
    "QUERY",
    "REGEXEXTRACT",
    "REGEXMATCH",
    "REGEXREPLACE",
    "SORTN",
    "SPARKLINE",
    "SPLIT",
];
/// Functions that can make a result larger than any memory from a few letters.
const BOUNDLESS: &[&str] = &["MAKEARRAY", "REDUCE", "SCAN"];
/// Functions that make as many cells as they are told.
const MAKING: &[&str] = &["EXPAND", "MUNIT", "RANDARRAY", "SEQUENCE"];
/// Functions that hand cells on as they are: a blank one stays blank.
const HANDING_ON: &[&str] = &[
    "FILTER",
    "HLOOKUP",
    "IMPORTRANGE",
    "INDEX",
    "SORT",
    "UNIQUE",
    "VLOOKUP",
    "XLOOKUP",
];

/// An error that is known before the engine runs, and the reason for it.
pub(super) type Note = (&'static str, String);

/// A formula for the engine.
#[derive(Debug, Default)]
pub(super) struct Translated {
    pub(super) text: String,
    /// Which error it may come to, and why.
    pub(super) note: Option<Note>,
    /// An empty text that it comes to is a blank.
    pub(super) hands_on: bool,
    /// It is nothing but these cells.
    pub(super) only: Option<Reference>,
}

/// Puts formulas of one tab into the engine's words.
pub(super) struct Translator<'a, 'b> {
    pub(super) workbook: &'a Workbook,
    /// The engine's names of the tabs.
    pub(super) names: &'a [String],
    pub(super) home: usize,
    pub(super) imported: &'a mut Imported<'b>,
    pub(super) note: Option<Note>,
    /// Cells that a function of the formula may make.
    pub(super) most_made: u64,
}

impl Translator<'_, '_> {
    /// Translates one formula.
    pub(super) fn formula(&mut self, text: &str) -> Translated {
        let tokens = lex(text.strip_prefix('=').unwrap_or(text));
        if !colons_part_references(&tokens) {
            return Translated {
                text: "#ERROR!".to_owned(),
                ..Translated::default()
            };
        }
        let inner = trimmed(&tokens);
        let only = match inner {
            [
                Token {
                    kind: Kind::Reference(reference),
                    ..
                },
            ] => Some(reference.clone()),
            _ => None,
        };
        let hands_on = match inner {
            [
                Token {
                    kind: Kind::Function,
                    text,
                },
                rest @ ..,
            ] => {
                HANDING_ON.contains(&text.to_uppercase().as_str())
                    && arguments(rest).is_some_and(|(_, used)| used == rest.len())
            }
            [
                Token {
                    kind: Kind::OpenArray, ..
                },
                rest @ ..,
            ] => array(rest).is_some_and(|(_, used)| used == rest.len()),
            _ => false,
        };
        self.note = None;
        self.most_made = self.most_made(&tokens);
        let body = self.expression(&tokens);
        let text = if hands_on {
            format!("=LET(handed_on,{body},IF(handed_on=\"\",\"\",handed_on))")
        } else {
            format!("={body}")
        };
        Translated {
            text,
            note: self.note.take(),
            hands_on,
            only,
        }
    }

    /// What a function makes may meet what others make, or a range, as a table of both sides.
    fn most_made(&self, tokens: &[Token<'_>]) -> u64 {
        const ALONE: u64 = 1_000_000;
        const TOGETHER: u64 = 3_000;
        let functions = tokens.iter().filter(|token| token.kind == Kind::Function);
        let making = functions
            .filter(|token| MAKING.contains(&token.text.to_uppercase().as_str()))
            .count();
        let others = tokens.iter().any(|token| {
            token.kind == Kind::Function && super::guard::TURNING.contains(&token.text.to_uppercase().as_str())
        });
        let longest = tokens.iter().filter_map(|token| match &token.kind {
            Kind::Reference(reference) => {
                let sheet = &self.workbook.sheets[self.tab(reference)?];
                let (rows, columns) = reference.within(sheet.row_count, sheet.column_count);
                Some(rows.len().max(columns.len()) as u64)
            }
            _ => None,
        });
        match longest.max().filter(|longest| *longest > 1) {
            Some(longest) => (super::guard::MOST_AT_ONCE / longest).clamp(100, TOGETHER),
            None if making > 1 || others => TOGETHER,
            None => ALONE,
        }
    }

    fn expression(&mut self, tokens: &[Token<'_>]) -> String {
        let mut text = String::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match &token.kind {
                Kind::Reference(reference) => text.push_str(&self.reference(reference)),
                Kind::Function => match arguments(&tokens[at..]) {
                    Some((inner, used)) => {
                        text.push_str(&self.call(token.text, &inner));
                        at += used;
                    }
                    None => text.push_str(token.text),
                },
                Kind::OpenArray => match array(&tokens[at..]) {
                    Some((lines, used)) => {
                        text.push_str(&self.stacked(&lines));
                        at += used;
                    }
                    None => text.push_str(token.text),
                },
                _ => text.push_str(token.text),
            }
        }
        text
    }

    /// Google puts ranges together in braces, where the engine takes only constants.
    fn stacked(&mut self, lines: &[Vec<&[Token<'_>]>]) -> String {
        let lines: Vec<String> = lines
            .iter()
            .map(|cells| {
                let cells: Vec<String> = cells.iter().map(|cell| self.expression(cell)).collect();
                format!("HSTACK({})", cells.join(","))
            })
            .collect();
        format!("VSTACK({})", lines.join(","))
    }

    fn call(&mut self, name: &str, inner: &[&[Token<'_>]]) -> String {
        let upper = name.to_uppercase();
        if GOOGLE.contains(&upper.as_str()) {
            self.note = Some((
                "#N/A",
                format!(
                    "{upper} is a function of Google Sheets that Runboard does not evaluate. Replace it by other functions, or by its values."
                ),
            ));
            return "NA()".to_owned();
        }
        if upper == "IMPORTRANGE" {
            return self.import(inner);
        }
        if BOUNDLESS.contains(&upper.as_str()) {
            self.note = Some((
                "#N/A",
                format!(
                    "{upper} is not evaluated, because its result may outgrow the server. Use a function over a range."
                ),
            ));
            return "NA()".to_owned();
        }
        let parts: Vec<String> = inner.iter().map(|part| self.expression(part)).collect();
        match (upper.as_str(), parts.as_slice()) {
            ("ARRAYFORMULA", [one]) => format!("({one})"),
            ("FILTER", [array, conditions @ ..]) if conditions.len() > 1 => {
                let all: Vec<String> = conditions.iter().map(|condition| format!("({condition})")).collect();
                format!("FILTER({array},{})", all.join("*"))
            }
            (making, [first, rest @ ..]) if MAKING.contains(&making) => {
                let (rows, columns) = match (making, rest) {
                    ("EXPAND", [rows, columns, ..]) => (rows.as_str(), columns.as_str()),
                    ("EXPAND", [rows]) => (rows.as_str(), "1"),
                    ("MUNIT", _) => (first.as_str(), first.as_str()),
                    (_, [columns, ..]) => (first.as_str(), columns.as_str()),
                    _ => (first.as_str(), "1"),
                };
                let most = self.most_made;
                self.note = Some((
                    "#N/A",
                    format!("{making} may make at most {most} cells in this formula."),
                ));
                let side = |text: &str| format!("MAX(1,{})", if text.trim().is_empty() { "1" } else { text });
                let made = format!("{making}({})", parts.join(","));
                format!("IF({}*{}>{most},NA(),{made})", side(rows), side(columns))
            }
            ("SORT", [array, keys @ ..]) if !keys.is_empty() => sort(array, keys, &inner[1..]),
            _ => format!("{name}({})", parts.join(",")),
        }
    }

    fn import(&mut self, inner: &[&[Token<'_>]]) -> String {
        let texts: Vec<Option<String>> = inner.iter().map(|part| self.text_of(part)).collect();
        let found = match texts.as_slice() {
            [Some(book), Some(range)] => self.imported.cells(book, range),
            _ => Err("IMPORTRANGE needs an id and a range, each a text or a cell that holds a text.".to_owned()),
        };
        found.unwrap_or_else(|why| {
            self.note = Some(("#REF!", why));
            "#REF!".to_owned()
        })
    }

    /// Returns a text that is known before anything is worked out.
    fn text_of(&self, part: &[Token<'_>]) -> Option<String> {
        let [token] = trimmed(part) else { return None };
        match &token.kind {
            Kind::Text => {
                let inner = token.text.strip_prefix('"')?.strip_suffix('"')?;
                Some(inner.replace("\"\"", "\""))
            }
            Kind::Reference(reference) if reference.last.is_none() => {
                let sheet = &self.workbook.sheets[self.tab(reference)?];
                let (row, column) = (reference.first.row?.at, reference.first.column?.at);
                match &sheet.cell(row, column)?.value {
                    Value::Text(text) => Some(text.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn tab(&self, reference: &Reference) -> Option<usize> {
        match &reference.tab {
            Some(title) => self.workbook.position_of_title(title),
            None => Some(self.home),
        }
    }

    fn reference(&mut self, reference: &Reference) -> String {
        let Some(tab) = self.tab(reference) else {
            let title = reference.tab.as_deref().unwrap_or_default();
            self.note = Some(("#REF!", format!("There is no tab \"{title}\" in this workbook.")));
            return "#REF!".to_owned();
        };
        let sheet = &self.workbook.sheets[tab];
        let mut closed = reference.clone();
        closed.tab = None;
        if closed.last.is_some() {
            closed.close(sheet.row_count, sheet.column_count);
        }
        if closed.reaches_over(ENGINE_ROWS, ENGINE_COLUMNS) {
            self.note = Some((
                "#REF!",
                format!("Formulas read the first {ENGINE_ROWS} rows and {ENGINE_COLUMNS} columns of a tab."),
            ));
            return "#REF!".to_owned();
        }
        match reference.tab {
            Some(_) => format!("'{}'!{closed}", self.names[tab].replace('\'', "''")),
            None => closed.to_string(),
        }
    }
}

/// The engine may take what is left around a colon for whole columns, all million rows of them.
fn colons_part_references(tokens: &[Token<'_>]) -> bool {
    let is_colon = |at: &usize| tokens[*at].kind == Kind::Other && tokens[*at].text == ":";
    (0..tokens.len()).filter(is_colon).all(|at| {
        let before = at.checked_sub(1).map(|before| &tokens[before].kind);
        let after = tokens.get(at + 1).map(|after| &after.kind);
        matches!(before, Some(Kind::Reference(_) | Kind::Close))
            && matches!(after, Some(Kind::Reference(_) | Kind::Function | Kind::Open))
    })
}

/// Google sorts by a column number or by cells beside, and up where it says true; the engine wants 1 or -1.
fn sort(array: &str, keys: &[String], tokens: &[&[Token<'_>]]) -> String {
    let is_cells =
        |at: usize| matches!(trimmed(tokens[at]), [Token { kind: Kind::Reference(one), .. }] if one.last.is_some());
    let direction = |at: usize| match keys.get(at).map(|key| key.trim().to_uppercase()).as_deref() {
        None | Some("TRUE" | "1") => "1".to_owned(),
        Some("FALSE" | "0") => "-1".to_owned(),
        Some(other) => format!("IF({other},1,-1)"),
    };
    if keys.len() <= 2 && !is_cells(0) {
        return format!("SORT({array},{},{})", keys[0], direction(1));
    }
    let by: Vec<String> = (0..keys.len())
        .step_by(2)
        .map(|at| {
            let key = &keys[at];
            let key = if is_cells(at) {
                key.clone()
            } else {
                format!("INDEX({array},0,{key})")
            };
            format!("{key},{}", direction(at + 1))
        })
        .collect();
    format!("SORTBY({array},{})", by.join(","))
}
