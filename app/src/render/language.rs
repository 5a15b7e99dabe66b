//! The languages whose code is coloured.

/// How to read a text as code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// By a syntax of `syntect`, named as it names it.
    Known(&'static str),
    /// By our own reader of TOML, which `syntect` does not have.
    Toml,
    /// Not at all.
    Plain,
}

/// Endings of names, words after the fence of markdown, and what they mean.
const ENDINGS: [(&[&str], Language); 14] = [
    (&["json", "ndjson", "jsonl", "ipynb"], Language::Known("JSON")),
    (&["yaml", "yml"], Language::Known("YAML")),
    (&["sql"], Language::Known("SQL")),
    (
        &["sh", "bash", "zsh", "shell", "env"],
        Language::Known("Bourne Again Shell (bash)"),
    ),
    (&["rs", "rust"], Language::Known("Rust")),
    (&["toml"], Language::Toml),
    (&["diff", "patch"], Language::Known("Diff")),
    (&["py", "python"], Language::Known("Python")),
    (&["js", "mjs", "cjs", "javascript", "ts"], Language::Known("JavaScript")),
    (&["html", "htm"], Language::Known("HTML")),
    (&["xml", "svg"], Language::Known("XML")),
    (&["css"], Language::Known("CSS")),
    (&["md", "markdown"], Language::Known("Markdown")),
    (&["go"], Language::Known("Go")),
];

impl Language {
    /// By an ending or a word; what is not known stays plain.
    pub(crate) fn of(word: &str) -> Self {
        let word = word.to_ascii_lowercase();
        ENDINGS
            .iter()
            .find(|(endings, _)| endings.contains(&word.as_str()))
            .map_or(Self::Plain, |(_, language)| *language)
    }

    /// By the name of a file.
    pub(crate) fn of_file(name: &str) -> Self {
        Self::of(
            name.rsplit('.')
                .next()
                .filter(|ending| *ending != name)
                .unwrap_or_default(),
        )
    }
}
