//! What bytes are, told from the bytes alone. Names and labels come from steps and may say anything.

use super::json;

/// So much of the beginning is looked at where one look is enough.
const BEGINNING: usize = 4096;
/// With these, text becomes a page when a browser takes it for one.
const PAGE: [&str; 10] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<script",
    "<iframe",
    "<style",
    "<meta",
    "<div",
    "<table",
];

/// What bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// There are none.
    Empty,
    /// An image that a browser shows and that cannot hold a program.
    Image(Image),
    /// A ZIP archive, or one of the many formats that are one inside.
    Zip,
    /// A gzip stream.
    Gzip,
    /// A PDF document.
    Pdf,
    /// One JSON object or list.
    Json,
    /// A page: shown as its text only.
    Html,
    /// A drawing that may hold a program: shown as its text only.
    Svg,
    /// Other XML.
    Xml,
    /// A difference as `diff -u` prints it.
    Diff,
    /// Text with the colours of a terminal.
    Terminal,
    /// Any other text.
    Text,
    /// Nothing that is known here.
    Binary,
}

/// An image by its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Image {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// AVIF.
    Avif,
}

/// What `bytes` are; `is_whole` says that nothing comes behind them.
pub fn sniff(bytes: &[u8], is_whole: bool) -> Sniffed {
    if bytes.is_empty() {
        return Sniffed::Empty;
    }
    if let Some(image) = image(bytes) {
        return Sniffed::Image(image);
    }
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        return Sniffed::Zip;
    }
    if begins(b"\x1f\x8b\x08") {
        return Sniffed::Gzip;
    }
    if begins(b"%PDF-") {
        return Sniffed::Pdf;
    }
    match text(bytes, is_whole) {
        Some(text) => of_text(text, is_whole),
        None => Sniffed::Binary,
    }
}

/// The format of an image by its first bytes.
pub fn image(bytes: &[u8]) -> Option<Image> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    let at = |place: usize, magic: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(magic));
    if begins(b"\x89PNG\r\n\x1a\n") {
        Some(Image::Png)
    } else if begins(b"\xff\xd8\xff") {
        Some(Image::Jpeg)
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Some(Image::Gif)
    } else if begins(b"RIFF") && at(8, b"WEBP") {
        Some(Image::Webp)
    } else if at(4, b"ftyp") && (at(8, b"avif") || at(8, b"avis")) {
        Some(Image::Avif)
    } else {
        None
    }
}

/// The text in `bytes`, without a letter that was cut at the end; `None` when they are no text.
pub fn text(bytes: &[u8], is_whole: bool) -> Option<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if !is_whole && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let is_odd =
        |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\x0c' | '\x08' | '\x1b' | '\x07');
    if text.contains('\0')
        || text.chars().take(BEGINNING).filter(|letter| is_odd(*letter)).count() * 20 > text.len().min(BEGINNING)
    {
        return None;
    }
    Some(text)
}

fn of_text(text: &str, is_whole: bool) -> Sniffed {
    let trimmed = text.trim_start();
    let mut end = trimmed.len().min(BEGINNING);
    while !trimmed.is_char_boundary(end) {
        end -= 1;
    }
    let beginning = trimmed[..end].to_ascii_lowercase();
    if beginning.starts_with(['{', '[']) && is_whole && json::parse(text).is_some() {
        return Sniffed::Json;
    }
    if beginning.starts_with('<') {
        let markup = after_comments(&beginning);
        if PAGE.iter().any(|tag| markup.starts_with(tag)) {
            return Sniffed::Html;
        }
        if markup.starts_with("<svg") || beginning.starts_with("<?xml") && beginning.contains("<svg") {
            return Sniffed::Svg;
        }
        if beginning.starts_with("<?xml") {
            return if beginning.contains("<html") {
                Sniffed::Html
            } else {
                Sniffed::Xml
            };
        }
    }
    if is_diff(&beginning) {
        return Sniffed::Diff;
    }
    if text.contains("\x1b[") {
        return Sniffed::Terminal;
    }
    Sniffed::Text
}

fn after_comments(mut markup: &str) -> &str {
    while let Some(rest) = markup.strip_prefix("<!--") {
        markup = rest.split_once("-->").map_or("", |(_, rest)| rest).trim_start();
    }
    markup
}

fn is_diff(beginning: &str) -> bool {
    if beginning.starts_with("diff --git ") {
        return true;
    }
    let mut lines = beginning.lines().take(40).skip_while(|line| !line.starts_with("--- "));
    lines.next().is_some()
        && lines.next().is_some_and(|line| line.starts_with("+++ "))
        && lines.next().is_none_or(|line| line.starts_with("@@ "))
}

impl Image {
    /// As a browser is told.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }
}

impl Sniffed {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => "nothing",
            Self::Image(Image::Png) => "PNG image",
            Self::Image(Image::Jpeg) => "JPEG image",
            Self::Image(Image::Gif) => "GIF image",
            Self::Image(Image::Webp) => "WebP image",
            Self::Image(Image::Avif) => "AVIF image",
            Self::Zip => "ZIP archive",
            Self::Gzip => "gzip archive",
            Self::Pdf => "PDF document",
            Self::Json => "JSON",
            Self::Html => "HTML",
            Self::Svg => "SVG drawing",
            Self::Xml => "XML",
            Self::Diff => "difference",
            Self::Terminal => "terminal text",
            Self::Text => "text",
            Self::Binary => "unknown bytes",
        }
    }

    /// Whether it can be read as text.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::Json | Self::Html | Self::Svg | Self::Xml | Self::Diff | Self::Terminal | Self::Text
        )
    }

    /// Whether a step that called it `claimed`, a media type, said the truth as far as can be told.
    pub fn fits(self, claimed: &str) -> bool {
        let claimed = claimed
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let (family, word) = claimed.split_once('/').unwrap_or((&claimed, ""));
        match (family, word) {
            _ if self == Self::Empty || claimed.is_empty() => true,
            ("application", "octet-stream") => true,
            ("image", "svg+xml") => self == Self::Svg,
            ("image", "jpg") => self == Self::Image(Image::Jpeg),
            ("image", _) => matches!(self, Self::Image(image) if image.media_type() == claimed),
            ("text", "html") => matches!(self, Self::Html | Self::Text | Self::Xml),
            ("text", _) => self.is_text() && self != Self::Html,
            ("application", "json") => self == Self::Json,
            ("application", "zip") => self == Self::Zip,
            ("application", "gzip" | "x-gzip") => self == Self::Gzip,
            ("application", "pdf") => self == Self::Pdf,
            // YAML, SQL, scripts: text under a name of its own. Documents of offices are archives inside.
            ("application", _) => !matches!(self, Self::Image(_) | Self::Html | Self::Pdf),
            _ => self == Self::Binary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(text: &str) -> Sniffed {
        sniff(text.as_bytes(), true)
    }

    #[test]
    fn images_and_archives_are_known_by_their_first_bytes() {
        for (bytes, sniffed) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], Sniffed::Image(Image::Png)),
            (b"\xff\xd8\xff\xe0..", Sniffed::Image(Image::Jpeg)),
            (b"GIF89a..", Sniffed::Image(Image::Gif)),
            (b"RIFF....WEBPVP8 ", Sniffed::Image(Image::Webp)),
            (b"\0\0\0\x1cftypavif....", Sniffed::Image(Image::Avif)),
            (b"PK\x03\x04....", Sniffed::Zip),
            (b"\x1f\x8b\x08\0", Sniffed::Gzip),
            (b"%PDF-1.7", Sniffed::Pdf),
            (b"\x7fELF\x02\x01\0\0", Sniffed::Binary),
            (b"a\0b", Sniffed::Binary),
            (b"\xff\xfe\x01", Sniffed::Binary),
            (b"", Sniffed::Empty),
        ] {
            assert_eq!(sniff(bytes, true), sniffed, "{bytes:?}");
        }
    }

    #[test]
    fn texts_are_told_apart() {
        for (text, sniffed) in [
            ("{\"a\": 1}\n", Sniffed::Json),
            ("[1, 2]", Sniffed::Json),
            ("{not json}", Sniffed::Text),
            ("42", Sniffed::Text),
            ("<!-- a --> <!DOCTYPE HTML><p>", Sniffed::Html),
            ("  <ScRiPt>alert(1)</script>", Sniffed::Html),
            ("<svg onload=alert(1)>", Sniffed::Svg),
            ("<?xml version='1.0'?><svg/>", Sniffed::Svg),
            ("<?xml version='1.0'?><feed/>", Sniffed::Xml),
            ("diff --git a/x b/x\n", Sniffed::Diff),
            ("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n", Sniffed::Diff),
            ("--- a heading\nof a text", Sniffed::Text),
            ("\u{1b}[31mred\u{1b}[0m", Sniffed::Terminal),
            ("# Title\n", Sniffed::Text),
            ("\u{feff}{\"a\":1}", Sniffed::Json),
        ] {
            assert_eq!(whole(text), sniffed, "{text:?}");
        }
    }

    #[test]
    fn a_letter_cut_at_the_end_of_a_part_does_no_harm() {
        let bytes = &"Größe".as_bytes()[..3];
        assert_eq!(
            (sniff(bytes, false), sniff(bytes, true)),
            (Sniffed::Text, Sniffed::Binary)
        );
    }

    #[test]
    fn a_claim_that_says_something_else_does_not_fit() {
        assert!(!whole("<html>").fits("image/png"));
        assert!(!whole("<html>").fits("text/markdown"));
        assert!(!whole("hello").fits("application/json"));
        assert!(!sniff(b"\x89PNG\r\n\x1a\n", true).fits("text/plain"));
        assert!(!whole("<svg/>").fits("image/png"));
        assert!(whole("hello").fits("text/markdown; charset=utf-8"));
        assert!(whole("a: 1").fits("application/yaml"));
        assert!(whole("hello").fits("application/octet-stream"));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..600), is_whole: bool) {
            let sniffed = sniff(&bytes, is_whole);
            prop_assert!(!sniffed.is_text() || text(&bytes, is_whole).is_some());
        }
    }
}
