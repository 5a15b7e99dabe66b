//! Parts of a formula, as far as they must be told apart to change its references and leave everything else.

use super::reference::Reference;

/// One part of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A text in its quotes.
    Text,
    /// Cells.
    Reference(Reference),
    /// The name of a function, before its parenthesis.
    Function,
    /// Any other word.
    Name,
    Number,
    /// An error, such as `#REF!`.
    Error,
    Open,
    Close,
    OpenArray,
    CloseArray,
    /// `,`, `;` or `\`.
    Separator,
    Space,
    Other,
}

const ERRORS: &[&str] = &[
    "#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#ERROR!",
];

/// Takes a formula apart; the parts' texts joined are the formula again, whatever it holds.
pub(crate) fn lex(formula: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = next(first, rest);
        let (text, after) = rest.split_at(length);
        tokens.push(Token { kind, text });
        rest = after;
    }
    tokens
}

fn next(first: char, rest: &str) -> (Kind, usize) {
    let one = first.len_utf8();
    match first {
        '"' => (Kind::Text, quoted_length(rest, b'"')),
        '\'' => {
            let length = quoted_length(rest, b'\'');
            let inner = rest[1..length].strip_suffix('\'').unwrap_or(&rest[1..length]);
            on_tab(&inner.replace("''", "'"), rest, length).unwrap_or((Kind::Other, length))
        }
        '#' => error_length(rest).map_or((Kind::Other, one), |length| (Kind::Error, length)),
        '(' => (Kind::Open, one),
        ')' => (Kind::Close, one),
        '{' => (Kind::OpenArray, one),
        '}' => (Kind::CloseArray, one),
        ',' | ';' | '\\' => (Kind::Separator, one),
        _ if first.is_whitespace() => (Kind::Space, one),
        _ if is_of_word(first) => word(first, rest),
        _ => (Kind::Other, one),
    }
}

fn word(first: char, rest: &str) -> (Kind, usize) {
    let length = word_length(rest);
    if let Some(found) = on_tab(&rest[..length], rest, length) {
        return found;
    }
    if rest[length..].trim_start().starts_with('(') && !first.is_ascii_digit() {
        return (Kind::Function, length);
    }
    if let Some((reference, length)) = cells(None, rest) {
        return (Kind::Reference(reference), length);
    }
    match number_length(rest) {
        0 => (Kind::Name, length),
        digits => (Kind::Number, digits),
    }
}

/// Reads what follows the title of a tab and a `!`.
fn on_tab(title: &str, rest: &str, length: usize) -> Option<(Kind, usize)> {
    let after = rest[length..].strip_prefix('!')?;
    if let Some(error) = error_length(after) {
        return Some((Kind::Error, length + 1 + error));
    }
    let (reference, cells) = cells(Some(title), after)?;
    Some((Kind::Reference(reference), length + 1 + cells))
}

/// Reads `A1`, `A1:B2`, `A:C`, `1:3`, `A2:A`.
fn cells(tab: Option<&str>, rest: &str) -> Option<(Reference, usize)> {
    let length = word_length(rest);
    let (first, after) = rest.split_at(length);
    if let Some(range) = after.strip_prefix(':') {
        let end = word_length(range);
        let called = range[end..].trim_start().starts_with(['(', '!']);
        let reference = Reference::range(tab, first, &range[..end]).filter(|_| !called);
        if let Some(reference) = reference {
            return Some((reference, length + 1 + end));
        }
    }
    Some((Reference::cell(tab, first)?, length))
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$' | '?')
}

fn word_length(text: &str) -> usize {
    text.find(|letter| !is_of_word(letter)).unwrap_or(text.len())
}

/// Counts up to the quote that ends a text; a doubled one stands for itself.
fn quoted_length(text: &str, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    bytes.len()
}

fn error_length(text: &str) -> Option<usize> {
    ERRORS
        .iter()
        .find(|error| {
            text.get(..error.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(error))
        })
        .map(|error| error.len())
}

fn number_length(text: &str) -> usize {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    let mut end = whole;
    if text[end..].starts_with('.') {
        end += 1 + digits(end + 1);
        if whole == 0 && end == 1 {
            return 0;
        }
    }
    if end > 0 && text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn references(formula: &str) -> Vec<String> {
        lex(formula)
            .into_iter()
            .filter(|token| matches!(token.kind, Kind::Reference(_)))
            .map(|token| token.text.to_owned())
            .collect()
    }

    #[test]
    fn references_are_found_in_every_form() {
        let formula = "=SUM(A1,$B$2:C$3,A:C,1:3,D2:D,Tab!E5,'My ''tab'''!F6:G7,Ünï!A1)";
        let expected = [
            "A1",
            "$B$2:C$3",
            "A:C",
            "1:3",
            "D2:D",
            "Tab!E5",
            "'My ''tab'''!F6:G7",
            "Ünï!A1",
        ];
        assert_eq!(references(formula), expected);
    }

    #[test]
    fn what_only_looks_like_a_reference_is_none() {
        let formula = r#"=LOG10(2)&"A1 ""B2"" C3"&TRUE+1.5E3+tax_2024+#REF!+Tab!#REF!+ABCD1+A0"#;
        assert_eq!(references(formula), Vec::<String>::new());
        assert_eq!(references("=A1:INDEX(B2,1)"), ["A1", "B2"]);
    }

    proptest! {
        #[test]
        fn parts_joined_are_the_formula_again(formula in r#"[=A-Z0-9$!:'"(){},;.#e+ öß-]{0,40}"#) {
            let joined: String = lex(&formula).iter().map(|token| token.text).collect();
            prop_assert_eq!(joined, formula);
        }
    }
}
