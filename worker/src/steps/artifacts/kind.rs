//! What kind of artifact a file is: declared by the step, told by its name, or seen in its first bytes.

use crate::journal::FileLeft;
use std::collections::BTreeMap;

/// File in which a step declares kinds: lines `name=kind`.
pub(super) const DECLARATIONS: &str = ".kinds";
/// Longest address of a link.
const LONGEST_LINK: usize = 4096;

/// A kind with its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// text, markdown, json, diff, image, file, link, zip, report.
    pub(crate) word: &'static str,
    /// Media type.
    pub(crate) content_type: &'static str,
}

const fn of(word: &'static str, content_type: &'static str) -> Kind {
    Kind { word, content_type }
}

const TEXT: Kind = of("text", "text/plain; charset=utf-8");
const FILE: Kind = of("file", "application/octet-stream");
const LINK: Kind = of("link", "text/uri-list");

impl Kind {
    /// The kind of a file by its name, else by its first bytes.
    pub(crate) fn guess(name: &str, beginning: &[u8]) -> Self {
        let extension = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase());
        extension
            .as_deref()
            .and_then(by_extension)
            .unwrap_or_else(|| by_content(beginning))
    }

    /// The same file under the kind that its step declared.
    pub(super) fn declared(self, word: &str) -> Option<Self> {
        let declared = ["text", "markdown", "json", "diff", "image", "file", "zip", "report"]
            .into_iter()
            .find(|known| *known == word)?;
        Some(Self { word: declared, ..self })
    }
}

/// A file that a handler made itself, with the kind that its name or its content tells.
pub(in crate::steps) fn file_of(name: String, bytes: Vec<u8>) -> FileLeft {
    let kind = Kind::guess(&name, &bytes);
    FileLeft {
        name,
        kind: kind.word,
        content_type: kind.content_type,
        bytes,
    }
}

/// What a step declared, by name of the file; lines that declare nothing known are answered as sentences.
pub(super) fn declarations(text: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let mut declared = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.rsplit_once('=') {
            Some((name, kind)) if FILE.declared(kind.trim()).is_some() => {
                declared.insert(name.trim().to_owned(), kind.trim().to_owned());
            }
            _ => wrong.push(format!("{DECLARATIONS} has a line that is no name=kind: {line}")),
        }
    }
    (declared, wrong)
}

/// The address in a file that ends in `.url`: its first line, or `URL=` as Windows writes it.
pub(super) fn link_of(name: &str, bytes: &[u8]) -> Option<(Kind, String)> {
    if !name.to_ascii_lowercase().ends_with(".url") || bytes.len() > LONGEST_LINK {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let address = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("URL="))
        .or_else(|| text.lines().next())?
        .trim();
    let url = url::Url::parse(address).ok()?;
    // Anything else could run in the browser of who clicks.
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| (LINK, url.to_string()))
}

/// Whether bytes look like text; the last letter may be cut.
pub(super) fn is_text(beginning: &[u8]) -> bool {
    !beginning.contains(&0)
        && match std::str::from_utf8(beginning) {
            Ok(_) => true,
            Err(error) => error.error_len().is_none(),
        }
}

fn by_extension(extension: &str) -> Option<Kind> {
    Some(match extension {
        "md" | "markdown" => of("markdown", "text/markdown; charset=utf-8"),
        "json" => of("json", "application/json"),
        "diff" | "patch" => of("diff", "text/x-diff; charset=utf-8"),
        "txt" | "log" | "csv" | "tsv" | "yaml" | "yml" | "toml" | "xml" => TEXT,
        "html" | "htm" => of("report", "text/html; charset=utf-8"),
        "png" => of("image", "image/png"),
        "jpg" | "jpeg" => of("image", "image/jpeg"),
        "gif" => of("image", "image/gif"),
        "webp" => of("image", "image/webp"),
        "svg" => of("image", "image/svg+xml"),
        "zip" => of("zip", "application/zip"),
        "gz" | "tgz" => of("file", "application/gzip"),
        "pdf" => of("file", "application/pdf"),
        _ => return None,
    })
}

fn by_content(beginning: &[u8]) -> Kind {
    match beginning {
        [0x89, b'P', b'N', b'G', ..] => of("image", "image/png"),
        [0xff, 0xd8, 0xff, ..] => of("image", "image/jpeg"),
        [b'P', b'K', 3, 4, ..] => of("zip", "application/zip"),
        _ if is_text(beginning) => TEXT,
        _ => FILE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_kind_and_else_the_first_bytes_do() {
        let word = |name: &str, bytes: &[u8]| Kind::guess(name, bytes).word;
        assert_eq!(word("a.JSON", b"x"), "json");
        assert_eq!(word("a", b"\x89PNG\r\n"), "image");
        assert_eq!(word("a", "w\u{f6}rd".as_bytes()), "text");
        assert_eq!(word("a", &"w\u{f6}".as_bytes()[..2]), "text");
        assert_eq!(word("a", &[0, 1]), "file");
    }

    #[test]
    fn a_link_is_an_address_that_a_browser_may_follow() {
        assert_eq!(
            link_of("docs.url", b"https://example.com/a b\n").map(|(_, url)| url),
            Some("https://example.com/a%20b".to_owned())
        );
        assert!(link_of("docs.url", b"[InternetShortcut]\r\nURL=http://example.com/\r\n").is_some());
        assert_eq!(link_of("docs.url", b"javascript:alert(1)"), None);
        assert_eq!(link_of("docs.txt", b"https://example.com/"), None);
    }

    #[test]
    fn a_step_may_declare_kinds() {
        let (declared, wrong) = declarations("out.txt = report\n\nx=page\nlink\n");
        assert_eq!(declared["out.txt"], "report");
        assert_eq!(wrong.len(), 2);
        assert_eq!(Kind::guess("out.txt", b"").declared("report").unwrap().word, "report");
    }
}
