//! Formulas as people of other countries write them, put into the one form in which they are stored.

use super::lex::{Kind, Token, lex};

/// Puts a formula into the stored form: arguments parted by commas, decimals after a point.
///
/// Where decimals follow a comma, arguments are parted by `;` and columns of an array by `\`. A formula that is
/// already in the stored form keeps it: one with a decimal point, and one whose commas stand between anything but digits.
pub(crate) fn canonical(text: &str, decimal_comma: bool) -> String {
    let tokens = lex(text);
    if !decimal_comma || !tokens.iter().any(|token| token.kind == Kind::Separator) {
        return text.to_owned();
    }
    let has_point = tokens
        .iter()
        .any(|token| token.kind == Kind::Number && token.text.contains('.'));
    let mut depth = 0_usize;
    let mut new = String::with_capacity(text.len());
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::OpenArray => depth += 1,
            Kind::CloseArray => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_decimal = token.text == "," && !has_point && stands_between_digits(&tokens, at);
        new.push_str(match (&token.kind, token.text) {
            (Kind::Separator, ",") if is_decimal => ".",
            (Kind::Separator, ";") if depth == 0 => ",",
            (Kind::Separator, "\\") => ",",
            (_, text) => text,
        });
    }
    new
}

/// Writes a stored formula as people of a comma country type it, so that what was read can be written back.
pub(crate) fn localised(text: &str, decimal_comma: bool) -> String {
    if !decimal_comma {
        return text.to_owned();
    }
    let mut depth = 0_usize;
    let mut new = String::with_capacity(text.len());
    for token in lex(text) {
        match token.kind {
            Kind::OpenArray => depth += 1,
            Kind::CloseArray => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (&token.kind, token.text) {
            (Kind::Separator, ",") => new.push(if depth > 0 { '\\' } else { ';' }),
            (Kind::Number, number) => match number.split_once('.') {
                Some((whole, fraction)) => {
                    new.push_str(if whole.is_empty() { "0" } else { whole });
                    if fraction.starts_with(|digit: char| digit.is_ascii_digit()) {
                        new.push(',');
                    }
                    new.push_str(fraction);
                }
                None => new.push_str(number),
            },
            (_, text) => new.push_str(text),
        }
    }
    new
}

fn stands_between_digits(tokens: &[Token<'_>], at: usize) -> bool {
    let digits = |token: Option<&Token<'_>>| {
        token.is_some_and(|token| {
            token.kind == Kind::Number && token.text.starts_with(|letter: char| letter.is_ascii_digit())
        })
    };
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let whole = before.is_some_and(|before| before.text.bytes().all(|digit| digit.is_ascii_digit()));
    whole && digits(before) && digits(tokens.get(at + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec![
            "1",
            "1.5",
            "20",
            "0.25e3",
            "A1",
            "$B$2:C",
            "'a;b'!A1",
            "\"x;1,5\"",
            "{1,2.5;3,4}",
        ]);
        leaf.prop_map(str::to_owned).prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("IF({})", parts.join(","))),
                (inner.clone(), inner).prop_map(|(one, other)| format!("{one}*({other})")),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_read_can_be_written_back(part in part()) {
            let stored = format!("={part}");
            prop_assert_eq!(canonical(&localised(&stored, true), true), stored);
        }
    }

    #[test]
    fn formulas_of_comma_countries_are_stored_in_one_form() {
        let stored = |text: &str| canonical(text, true);
        assert_eq!(stored("=IF(A1>1,5;\"a;b\";2)"), "=IF(A1>1.5,\"a;b\",2)");
        assert_eq!(stored("=SUM({1\\2;3,5\\4};A1:B2)"), "=SUM({1,2;3.5,4},A1:B2)");
        assert_eq!(stored("=MAX('a;b'!A1;2)"), "=MAX('a;b'!A1,2)");
    }

    #[test]
    fn a_stored_form_is_stored_as_it_is() {
        for text in ["=ROUND(A1,2)", "=IF(A1>1.5,1,0)", "=SUM(A1,B1)", "=1+2"] {
            assert_eq!(canonical(text, true), text);
        }
        assert_eq!(canonical("=SUM({1;2})", false), "=SUM({1;2})");
    }
}
