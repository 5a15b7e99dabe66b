//! Colours of code: spans with the few classes of `style/components/code.css`.

use super::{Language, escape_into, escaped, toml};
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

/// Longer lines stay plain: a machine wrote them.
const LONGEST: usize = 1000;
/// Colours may take so long; the lines behind stay plain.
const PATIENCE: Duration = Duration::from_millis(400);

/// Read once, when the first code is shown: it takes some milliseconds.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// What a scope of `syntect` looks like here; the first that fits.
static CLASSES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    [
        ("comment", "c"),
        ("meta.structure.dictionary.key", "f"),
        ("meta.mapping.key", "f"),
        ("entity.name", "f"),
        ("support.function", "f"),
        ("string", "s"),
        ("constant", "n"),
        ("keyword", "k"),
        ("storage", "k"),
        ("support.type", "k"),
        ("variable.language", "k"),
        ("variable.parameter", "v"),
        ("markup.inserted", "i"),
        ("markup.deleted", "d"),
        ("markup.heading", "h"),
        ("markup.bold", "h"),
        ("meta.diff.range", "h"),
        ("meta.diff.header", "h"),
    ]
    .into_iter()
    .filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, class)))
    .collect()
});

/// The lines as HTML, without colours.
pub(crate) fn plain(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| escaped(line)).collect()
}

/// The lines as HTML; only those from `first` on are answered, but what stands before them counts.
pub(crate) fn highlighted(lines: &[&str], first: usize, language: Language) -> Vec<String> {
    let shown = lines.get(first..).unwrap_or_default();
    match language {
        Language::Plain => plain(shown),
        Language::Toml => shown.iter().map(|line| toml::line(line)).collect(),
        Language::Known(name) => by_syntax(lines, first, name),
    }
}

fn by_syntax(lines: &[&str], first: usize, name: &str) -> Vec<String> {
    let syntaxes = &*SYNTAXES;
    let shown = lines.get(first..).unwrap_or_default();
    let Some(syntax) = syntaxes.find_syntax_by_name(name) else {
        return plain(shown);
    };
    let (mut state, mut stack) = (ParseState::new(syntax), ScopeStack::new());
    let begun = Instant::now();
    let mut out = Vec::with_capacity(shown.len());
    for (at, line) in lines.iter().enumerate() {
        let is_readable = line.len() <= LONGEST && begun.elapsed() < PATIENCE;
        let coloured = is_readable
            .then(|| one_line(&mut state, &mut stack, syntaxes, line))
            .flatten();
        if at >= first {
            out.push(coloured.unwrap_or_else(|| escaped(line)));
        }
    }
    out
}

fn one_line(state: &mut ParseState, stack: &mut ScopeStack, syntaxes: &SyntaxSet, line: &str) -> Option<String> {
    let with_end = format!("{line}\n");
    let changes = state.parse_line(&with_end, syntaxes).ok()?;
    let mut pieces = Pieces::default();
    let mut from = 0;
    for (at, change) in changes {
        let at = at.min(line.len());
        if at > from {
            pieces.push(class_of(stack), line.get(from..at)?);
            from = at;
        }
        stack.apply(&change).ok()?;
    }
    pieces.push(class_of(stack), line.get(from..)?);
    Some(pieces.html())
}

/// Pieces of a line; neighbours of one look are one.
#[derive(Default)]
struct Pieces<'a>(Vec<(Option<&'static str>, Vec<&'a str>)>);

impl<'a> Pieces<'a> {
    fn push(&mut self, class: Option<&'static str>, text: &'a str) {
        match self.0.last_mut() {
            Some((known, texts)) if *known == class => texts.push(text),
            _ => self.0.push((class, vec![text])),
        }
    }

    fn html(&self) -> String {
        let mut out = String::new();
        for (class, texts) in &self.0 {
            span(&mut out, *class, &texts.concat());
        }
        out
    }
}

fn class_of(stack: &ScopeStack) -> Option<&'static str> {
    let scopes = stack.as_slice();
    CLASSES
        .iter()
        .find(|(prefix, _)| scopes.iter().any(|scope| prefix.is_prefix_of(*scope)))
        .map(|(_, class)| *class)
}

fn span(out: &mut String, class: Option<&str>, text: &str) {
    match class.filter(|_| !text.trim().is_empty()) {
        Some(class) => {
            out.push_str("<b class=\"");
            out.push_str(class);
            out.push_str("\">");
            escape_into(out, text);
            out.push_str("</b>");
        }
        None => escape_into(out, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str, word: &str) -> String {
        highlighted(&text.lines().collect::<Vec<_>>(), 0, Language::of(word)).join("\n")
    }

    #[test]
    fn every_language_we_name_has_colours() {
        for (word, text, expected) in [
            ("json", "{\"a\": 1}", "<b class=\"n\">1</b>"),
            ("yaml", "a: true", "<b class=\"n\">true</b>"),
            ("sql", "select 1 -- x", "class=\"c\""),
            ("sh", "echo \"a\" # b", "class=\"s\""),
            ("rust", "fn main() {}", "<b class=\"k\">fn</b>"),
            ("toml", "a = 1", "<b class=\"f\">a</b>"),
            ("diff", "+new", "class=\"i\""),
            ("python", "def f(): pass", "class=\"k\""),
            ("js", "const a = 1;", "class=\"k\""),
        ] {
            let html = one(text, word);
            assert!(html.contains(expected), "{word}: {html}");
        }
    }

    #[test]
    fn a_comment_goes_on_behind_the_lines_that_are_not_shown() {
        let lines = ["/* a", "b */ let c = 1;"];
        let html = highlighted(&lines, 1, Language::of("rust"));
        assert!(html[0].starts_with("<b class=\"c\">b */</b> <b"), "{html:?}");
    }

    proptest! {
        #[test]
        fn no_markup_of_the_text_comes_through(text in "[<>&\"'/a-z =#{}\\[\\]!-]{0,60}", word in "(json|yaml|sql|sh|rust|toml|diff|python|js|html|md|none)") {
            let html = one(&text, &word);
            let bare = html.replace("</b>", "");
            let mut rest = bare.as_str();
            while let Some(at) = rest.find('<') {
                prop_assert!(rest[at..].starts_with("<b class=\""), "{}", html);
                rest = &rest[at + 1..];
            }
        }
    }
}
