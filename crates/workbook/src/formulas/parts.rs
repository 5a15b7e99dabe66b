//! Calls and arrays of a formula, parted where they part themselves.

use super::lex::{Kind, Token};

/// Parts the arguments of a call; the second number is how many parts it took, its parentheses included.
pub(super) fn arguments<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(Vec<&'t [Token<'a>]>, usize)> {
    let open = tokens.iter().position(|token| token.kind != Kind::Space)?;
    if tokens[open].kind != Kind::Open {
        return None;
    }
    let (mut parts, mut from, mut depth) = (Vec::new(), open + 1, 0_usize);
    for (at, token) in tokens.iter().enumerate().skip(open + 1) {
        match token.kind {
            Kind::Open | Kind::OpenArray => depth += 1,
            Kind::Close if depth == 0 => {
                if at > open + 1 {
                    parts.push(&tokens[from..at]);
                }
                return Some((parts, at + 1));
            }
            Kind::Close | Kind::CloseArray => depth = depth.saturating_sub(1),
            Kind::Separator if depth == 0 => {
                parts.push(&tokens[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

pub(super) fn trimmed<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    while let [Token { kind: Kind::Space, .. }, rest @ ..] = tokens {
        tokens = rest;
    }
    while let [rest @ .., Token { kind: Kind::Space, .. }] = tokens {
        tokens = rest;
    }
    tokens
}

/// Parts an array after its brace into lines and their cells, unless it holds constants alone; the second number is how
/// many parts it took, its closing brace included.
pub(super) fn array<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(Vec<Vec<&'t [Token<'a>]>>, usize)> {
    let (mut lines, mut line, mut from, mut depth) = (Vec::new(), Vec::new(), 0, 0_usize);
    let mut is_constant = true;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Reference(_) | Kind::Function => is_constant = false,
            Kind::Open | Kind::OpenArray => depth += 1,
            Kind::CloseArray if depth == 0 => {
                line.push(&tokens[from..at]);
                lines.push(line);
                return (!is_constant).then_some((lines, at + 1));
            }
            Kind::Close | Kind::CloseArray => depth = depth.saturating_sub(1),
            Kind::Separator if depth == 0 => {
                line.push(&tokens[from..at]);
                from = at + 1;
                if token.text == ";" {
                    lines.push(std::mem::take(&mut line));
                }
            }
            _ => {}
        }
    }
    None
}
