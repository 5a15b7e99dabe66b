//! Which ways there are to draw an artifact.

use super::bytes::Content;
use crate::render::Language;
use db::reads::ArtifactRow;
use runs::artifacts::sniff::{Image, Sniffed};

/// How an artifact is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As a document.
    Markdown,
    /// As a tree.
    Json,
    /// As a table; the byte stands between its cells.
    Sheet(u8),
    /// As lines of a terminal.
    Terminal,
    /// As lines of code or plain lines.
    Code(Language),
    /// As an image.
    Image(Image),
    /// As a list of what is inside.
    Zip,
    /// Not at all.
    Opaque,
}

const DIFF: (&str, &str) = ("diff", "Compare");

impl Shape {
    /// The bytes decide; among ways to draw text, name and label say which is wanted.
    pub(super) fn of(row: &ArtifactRow, content: &Content) -> Self {
        match content.sniffed {
            Sniffed::Image(image) => Self::Image(image),
            Sniffed::Zip => Self::Zip,
            Sniffed::Json => Self::Json,
            Sniffed::Terminal => Self::Terminal,
            Sniffed::Diff => Self::Code(Language::of("diff")),
            Sniffed::Html => Self::Code(Language::of("html")),
            Sniffed::Svg | Sniffed::Xml => Self::Code(Language::of("xml")),
            Sniffed::Text => Self::of_text(row),
            Sniffed::Empty | Sniffed::Gzip | Sniffed::Pdf | Sniffed::Binary => Self::Opaque,
        }
    }

    fn of_text(row: &ArtifactRow) -> Self {
        let name = row.name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let is_called = |kind: &str| row.content_type.starts_with(kind);
        if row.kind == "markdown" || ends(&[".md", ".markdown"]) || is_called("text/markdown") {
            Self::Markdown
        } else if ends(&[".tsv"]) || is_called("text/tab-separated-values") {
            Self::Sheet(b'\t')
        } else if ends(&[".csv"]) || is_called("text/csv") {
            Self::Sheet(b',')
        } else {
            Self::Code(Language::of_file(&name))
        }
    }

    /// Words of the address and labels, the usual one first.
    pub(super) fn views(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Markdown => &[("rendered", "Rendered"), ("source", "Source"), DIFF],
            Self::Json => &[("tree", "Tree"), ("source", "Text"), DIFF],
            Self::Sheet(_) => &[("table", "Table"), ("source", "Text"), DIFF],
            Self::Terminal | Self::Code(_) => &[("source", "Text"), DIFF],
            Self::Image(_) => &[("image", "Image"), ("compare", "Before and after")],
            Self::Zip => &[("entries", "Entries")],
            Self::Opaque => &[("facts", "Facts")],
        }
    }

    /// The view that is asked for, if there is such.
    pub(super) fn chosen(self, asked: Option<&str>) -> &'static str {
        let views = self.views();
        let known = views.iter().find(|(word, _)| Some(*word) == asked);
        known.or(views.first()).map_or("facts", |(word, _)| word)
    }

    /// The colours of its lines; `None` for those of a terminal.
    pub(super) fn language(self) -> Option<Language> {
        match self {
            Self::Terminal => None,
            Self::Code(language) => Some(language),
            Self::Markdown => Some(Language::of("md")),
            Self::Json => Some(Language::of("json")),
            _ => Some(Language::Plain),
        }
    }
}
