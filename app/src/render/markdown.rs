//! Markdown of a step: what it says, without what could run, load or lead somewhere unseen.
//!
//! Two sieves, one behind the other: the reader of markdown passes on only addresses that are whole, and the HTML that
//! comes out goes through `ammonia`, which knows every trick of raw HTML.

use super::{Language, highlighted};
use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Markdown as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Safe to be put into a page.
    pub(crate) html: String,
    /// Images and relative links that were left out.
    pub(crate) left_out: usize,
}

static SIEVE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sieve = Builder::default();
    sieve
        .rm_tags(["img", "map", "area", "figure", "figcaption", "center", "h1"])
        .add_allowed_classes("b", ["c", "f", "s", "n", "k", "v", "i", "d", "h"])
        .tag_attribute_values(HashMap::new())
        .add_tag_attributes("td", ["style"])
        .add_tag_attributes("th", ["style"])
        .filter_style_properties(HashSet::from(["text-align"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow external"));
    sieve
});

/// Draws markdown.
pub(crate) fn markdown(text: &str) -> Rendered {
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader {
        left_out: 0,
        code: None,
        is_shut: false,
    };
    let events = Parser::new_ext(text, options).filter_map(|event| reader.read(event));
    let mut unsafe_html = String::new();
    html::push_html(&mut unsafe_html, events);
    Rendered {
        html: SIEVE.clean(&unsafe_html).to_string(),
        left_out: reader.left_out,
    }
}

struct Reader {
    left_out: usize,
    /// Language and text of the code that is being read.
    code: Option<(Language, String)>,
    /// The link that is being read leads nowhere any more.
    is_shut: bool,
}

impl Reader {
    fn read<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let word = match &kind {
                    CodeBlockKind::Fenced(word) => word.split([' ', ',']).next().unwrap_or_default(),
                    CodeBlockKind::Indented => "",
                };
                self.code = Some((Language::of(word), String::new()));
                None
            }
            Event::End(TagEnd::CodeBlock) => self.code.take().map(|(language, text)| code(language, &text)),
            Event::Text(text) if self.code.is_some() => {
                if let Some((_, code)) = &mut self.code {
                    code.push_str(&text);
                }
                None
            }
            // The page has its title already.
            Event::Start(Tag::Heading {
                level,
                id,
                classes,
                attrs,
            }) => Some(Event::Start(Tag::Heading {
                level: below(level),
                id,
                classes,
                attrs,
            })),
            Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
            Event::Start(Tag::Image { .. }) => {
                self.left_out += 1;
                Some(Event::Text(CowStr::Borrowed("[image: ")))
            }
            Event::End(TagEnd::Image) => Some(Event::Text(CowStr::Borrowed("]"))),
            Event::Start(Tag::Link { dest_url, .. }) if !is_whole(&dest_url) => {
                self.left_out += 1;
                self.is_shut = true;
                Some(Event::InlineHtml(CowStr::Borrowed("<span>")))
            }
            Event::End(TagEnd::Link) if self.is_shut => {
                self.is_shut = false;
                Some(Event::InlineHtml(CowStr::Borrowed("</span>")))
            }
            Event::TaskListMarker(is_done) => {
                let sign = if is_done { "\u{2611} " } else { "\u{2610} " };
                Some(Event::Text(CowStr::Borrowed(sign)))
            }
            event => Some(event),
        }
    }
}

fn code<'a>(language: Language, text: &str) -> Event<'a> {
    let lines: Vec<&str> = text.lines().collect();
    let html = highlighted(&lines, 0, language).join("\n");
    Event::Html(format!("<pre><code>{html}</code></pre>\n").into())
}

/// Only an address that says where it leads is followed.
fn is_whole(address: &str) -> bool {
    let address = address.trim_start().to_ascii_lowercase();
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(text: &str) -> String {
        markdown(text).html
    }

    #[test]
    fn tables_tasks_and_struck_words_are_drawn() {
        let html = html("# Plan\n\n| a | b |\n|--|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n~~old~~ **new**\n");
        for part in [
            "<h2>Plan</h2>",
            "<td style=\"text-align:right\">2</td>",
            "\u{2611} done",
            "\u{2610} open",
            "<del>old</del>",
            "<strong>new</strong>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn code_has_its_colours() {
        assert!(html("```rust\nfn a() {}\n```").contains("<b class=\"k\">fn</b>"));
        assert!(html("```\n<script>\n```").contains("&lt;script&gt;"));
    }

    #[test]
    fn what_would_load_or_lead_inside_is_left_out_and_counted() {
        let rendered = markdown("![logo](https://example.com/a.png) [in](/runs) [up](../x) [out](https://example.com)");
        assert_eq!(rendered.left_out, 3);
        assert!(!rendered.html.contains("img"), "{}", rendered.html);
        assert!(!rendered.html.contains("/runs"), "{}", rendered.html);
        assert!(rendered.html.contains("[image: logo]"), "{}", rendered.html);
        assert!(
            rendered.html.contains("href=\"https://example.com\""),
            "{}",
            rendered.html
        );
        assert!(rendered.html.contains("noopener"), "{}", rendered.html);
    }

    /// What has been used against renderers of markdown.
    const CORPUS: [&str; 26] = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg/onload=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:msgbox(1))",
        "![a](javascript:alert(1))",
        "![a\"onerror=alert(1) ](x)",
        "<a href=\"javascript:alert(1)\">a</a>",
        "<a href=\" &#14; javascript:alert(1)\">a</a>",
        "<iframe src=\"//evil.example\"></iframe>",
        "<object data=x></object><embed src=x>",
        "<form action=/fn/cancel_run><button>x</button></form>",
        "<style>*{background:url(//evil.example)}</style>",
        "<div style=\"background:url(javascript:alert(1))\">a</div>",
        "<td style=\"text-align:right;background:url(//evil.example)\">",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<base href=//evil.example><meta http-equiv=refresh content=0>",
        "[a]: javascript:alert(1)\n\n[a]",
        "<javascript:alert(1)>",
        "```html\n</code></pre><script>alert(1)</script>\n```",
    ];

    /// Everything the HTML could do, read tag by tag and attribute by attribute. `ammonia` quotes and escapes values.
    fn dangers(html: &str) -> Vec<String> {
        const TAGS: [&str; 14] = [
            "script", "img", "svg", "iframe", "object", "embed", "form", "style", "base", "meta", "math", "input",
            "link", "button",
        ];
        let mut found = Vec::new();
        for piece in html.split('<').skip(1) {
            let name = piece
                .split([' ', '>'])
                .next()
                .unwrap_or_default()
                .trim_start_matches('/')
                .to_ascii_lowercase();
            if TAGS.contains(&name.as_str()) {
                found.push(name.clone());
            }
            let mut rest = piece[piece.len().min(name.len())..].trim_start();
            while let Some((attribute, behind)) =
                rest.split_once("=\"").filter(|(attribute, _)| !attribute.contains('>'))
            {
                let (value, behind) = behind.split_once('"').expect("a value ends");
                let is_good = match attribute {
                    "href" | "cite" => is_whole(value),
                    "style" => value.trim_end_matches(';').starts_with("text-align:") && !value.contains("url"),
                    "class" | "title" | "rel" | "lang" | "dir" | "start" | "align" | "colspan" | "rowspan"
                    | "datetime" => true,
                    other => {
                        !other.starts_with("on")
                            && !["src", "srcdoc", "action", "formaction", "id", "name"].contains(&other)
                    }
                };
                if !is_good {
                    found.push(format!("{name} {attribute}={value}"));
                }
                rest = behind.trim_start();
            }
        }
        found
    }

    #[test]
    fn nothing_of_the_corpus_comes_through() {
        for text in CORPUS {
            assert_eq!(dangers(&html(text)), Vec::<String>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_mixed_of_the_corpus_comes_through(
            pieces in proptest::collection::vec((proptest::sample::select(&CORPUS[..]), 0_usize..40, "[ \n>*_`\\[\\]()<\"'-]{0,4}"), 1..6)
        ) {
            let text: String = pieces
                .into_iter()
                .map(|(piece, from, glue)| piece.chars().skip(from).collect::<String>() + &glue)
                .collect();
            prop_assert_eq!(dangers(&html(&text)), Vec::<String>::new(), "{}", text);
        }
    }
}
