//! JSON as nested `<details>`.

use super::tree_search::Weights;
use crate::render::{escape_into, escaped};
use runs::artifacts::json::{Node, decoded};
use std::fmt::Write;

/// Children of one list or object that are shown at once.
const SLICE: usize = 200;
/// Values drawn on one page; what is behind opens by itself.
const DRAWN: usize = 3000;
/// Levels that stand open.
const OPEN: usize = 2;
/// Letters of a text that are shown.
const LETTERS: usize = 2000;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// JSON pointer of the part.
    pub(super) root: String,
    /// JSON pointer of what is shown from another child on.
    pub(super) at: String,
    /// From which child.
    pub(super) from: usize,
    /// In lower case.
    pub(super) search: Option<String>,
    /// Path of the page.
    pub(super) path: String,
}

/// What was drawn.
pub(super) struct Drawn {
    /// The tree.
    pub(super) html: String,
    /// Names and values that fit the search.
    pub(super) hits: usize,
    /// Some of it is closed for its size.
    pub(super) is_cut: bool,
}

/// Draws one tree.
pub(super) struct Drawer<'w> {
    wanted: &'w Wanted,
    out: String,
    left: usize,
    is_cut: bool,
    weights: Weights,
}

impl<'w> Drawer<'w> {
    /// The part `node`.
    pub(super) fn draw(node: &Node<'_>, wanted: &'w Wanted) -> Drawn {
        let mut drawer = Self {
            wanted,
            out: String::from("<ul>"),
            left: DRAWN,
            is_cut: false,
            weights: wanted
                .search
                .as_deref()
                .map(|search| Weights::of(node, search))
                .unwrap_or_default(),
        };
        drawer.item(node, None, &wanted.root, 0, 0);
        drawer.out.push_str("</ul>");
        Drawn {
            hits: drawer.weights.at(0).hits,
            html: drawer.out,
            is_cut: drawer.is_cut,
        }
    }

    /// `place` is where the weight of `node` stands.
    fn item(&mut self, node: &Node<'_>, label: Option<&str>, pointer: &str, depth: usize, place: usize) {
        self.left = self.left.saturating_sub(1);
        self.out.push_str("<li>");
        match node {
            Node::Plain(word) => {
                self.label(label);
                self.value(
                    if word.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                        "k"
                    } else {
                        "n"
                    },
                    word,
                );
                self.link(pointer);
            }
            Node::Text(quoted) => {
                self.label(label);
                self.value("s", quoted);
                self.link(pointer);
            }
            Node::List(items) => {
                let children = items.iter().map(|item| (None, item)).collect();
                self.branch(("[", "]", "item"), label, children, (pointer, depth, place));
            }
            Node::Fields(fields) => {
                let children = fields.iter().map(|(name, value)| (Some(*name), value)).collect();
                self.branch(("{", "}", "name"), label, children, (pointer, depth, place));
            }
        }
        self.out.push_str("</li>");
    }

    fn branch(
        &mut self,
        (open, close, unit): (&str, &str, &str),
        label: Option<&str>,
        children: Vec<(Option<&str>, &Node<'_>)>,
        (pointer, depth, place): (&str, usize, usize),
    ) {
        let count = children.len();
        let plural = if count == 1 { "" } else { "s" };
        if count == 0 {
            self.label(label);
            let _ = write!(self.out, "<span>{open}{close}</span>");
            return;
        }
        let is_shut = self.left == 0;
        self.is_cut |= is_shut;
        if is_shut {
            self.label(label);
            let href = self.address(&[("root", pointer)]);
            let _ = write!(self.out, "<a href=\"{href}\">{open} {count} {unit}{plural} {close}</a>");
            return;
        }
        let is_open = depth < OPEN
            || self.wanted.search.is_some()
            || self.wanted.at.starts_with(pointer) && !self.wanted.at.is_empty();
        let _ = write!(self.out, "<details{}><summary>", if is_open { " open" } else { "" });
        self.label(label);
        let _ = write!(
            self.out,
            "<span class=\"note\">{open} {count} {unit}{plural} {close}</span></summary><ul>"
        );
        let chosen = self.chosen(children, pointer, place);
        let from = chosen.from;
        for (at, name, child, place) in chosen.children {
            let token = name.map_or_else(
                || at.to_string(),
                |name| decoded(name).replace('~', "~0").replace('/', "~1"),
            );
            let shown = name.map_or_else(|| at.to_string(), str::to_owned);
            self.item(child, Some(&shown), &format!("{pointer}/{token}"), depth + 1, place);
        }
        if chosen.behind > 0 || from > 0 {
            self.slices(pointer, from, chosen.behind, count);
        }
        self.out.push_str("</ul></details>");
        self.link(pointer);
    }

    /// The children to draw: those with hits when something is searched for, else one slice.
    fn chosen<'n, 'a>(
        &self,
        children: Vec<(Option<&'n str>, &'n Node<'a>)>,
        pointer: &str,
        place: usize,
    ) -> Chosen<'n, 'a> {
        let count = children.len();
        if self.wanted.search.is_some() {
            let mut next = place + 1;
            let mut kept = Vec::new();
            for (at, (name, child)) in children.into_iter().enumerate() {
                let weight = self.weights.at(next);
                if weight.hits > 0 && kept.len() < SLICE {
                    kept.push((at, name, child, next));
                }
                next += weight.size;
            }
            return Chosen {
                children: kept,
                from: 0,
                behind: 0,
            };
        }
        let from = if self.wanted.at == pointer {
            self.wanted.from.min(count.saturating_sub(1))
        } else {
            0
        };
        let kept: Vec<_> = children
            .into_iter()
            .enumerate()
            .skip(from)
            .take(SLICE)
            .map(|(at, (name, child))| (at, name, child, 0))
            .collect();
        let behind = count - from - kept.len();
        Chosen {
            children: kept,
            from,
            behind,
        }
    }

    fn slices(&mut self, pointer: &str, from: usize, behind: usize, count: usize) {
        let _ = write!(
            self.out,
            "<li class=\"slices\"><span class=\"note\">{from} to {} of {count}</span>",
            count - behind - 1
        );
        if from > 0 {
            let href = self.address(&[
                ("root", &self.wanted.root),
                ("at", pointer),
                ("from", &from.saturating_sub(SLICE).to_string()),
            ]);
            let _ = write!(self.out, " <a href=\"{href}\">Earlier</a>");
        }
        if behind > 0 {
            let href = self.address(&[
                ("root", &self.wanted.root),
                ("at", pointer),
                ("from", &(from + SLICE).to_string()),
            ]);
            let _ = write!(self.out, " <a href=\"{href}\">Next {}</a>", behind.min(SLICE));
        }
        self.out.push_str("</li>");
    }

    fn label(&mut self, label: Option<&str>) {
        if let Some(label) = label {
            self.out.push_str("<b class=\"f\">");
            self.marked(&decoded_label(label));
            self.out.push_str("</b>: ");
        }
    }

    fn value(&mut self, class: &str, text: &str) {
        let _ = write!(self.out, "<span class=\"{class}\">");
        if let Some((end, _)) = text.char_indices().nth(LETTERS) {
            self.marked(&text[..end]);
            let _ = write!(self.out, "…</span> <span class=\"note\">{} bytes</span>", text.len());
        } else {
            self.marked(text);
            self.out.push_str("</span>");
        }
    }

    /// Text with what is searched for marked. Only letters whose lower case is as long are found in place.
    fn marked(&mut self, text: &str) {
        let found = self
            .wanted
            .search
            .as_deref()
            .filter(|search| !search.is_empty())
            .map(|search| {
                let lower = text.to_lowercase();
                (lower.len() == text.len())
                    .then(|| lower.find(search).map(|at| (at, at + search.len())))
                    .flatten()
            });
        match found.flatten() {
            Some((from, to)) if text.is_char_boundary(from) && text.is_char_boundary(to) => {
                escape_into(&mut self.out, &text[..from]);
                self.out.push_str("<mark>");
                escape_into(&mut self.out, &text[from..to]);
                self.out.push_str("</mark>");
                escape_into(&mut self.out, &text[to..]);
            }
            _ => escape_into(&mut self.out, text),
        }
    }

    fn link(&mut self, pointer: &str) {
        if pointer == self.wanted.root {
            return;
        }
        let href = self.address(&[("root", pointer)]);
        let label = escaped(pointer);
        let _ = write!(
            self.out,
            "<a class=\"by-itself\" href=\"{href}\" aria-label=\"Path of {label}\">path</a>"
        );
    }

    fn address(&self, pairs: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("view", "tree");
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        escaped(&format!("{}?{}", self.wanted.path, query.finish()))
    }
}

/// Children to draw: number, name, value, place of its weight.
struct Chosen<'n, 'a> {
    children: Vec<(usize, Option<&'n str>, &'n Node<'a>, usize)>,
    from: usize,
    behind: usize,
}

fn decoded_label(label: &str) -> String {
    if label.starts_with('"') {
        decoded(label).into_owned()
    } else {
        label.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use runs::artifacts::json::parse;

    fn drawn(text: &str, wanted: &Wanted) -> Drawn {
        Drawer::draw(&parse(text).expect("JSON"), wanted)
    }

    fn searching(word: &str) -> Wanted {
        Wanted {
            search: Some(word.to_owned()),
            ..Wanted::default()
        }
    }

    #[test]
    fn digits_and_names_that_stand_there_twice_are_shown() {
        let html = drawn(r#"{"id": 12345678901234567890123, "id": 1.10}"#, &Wanted::default()).html;
        assert!(
            html.contains(">12345678901234567890123<") && html.contains(">1.10<"),
            "{html}"
        );
    }

    #[test]
    fn a_search_shows_what_leads_to_its_hits_and_counts_them() {
        let text = r#"{"a": {"b": [1, {"needle": 2}]}, "c": "a Needle", "d": 4}"#;
        let drawn = drawn(text, &searching("needle"));
        assert_eq!(drawn.hits, 2);
        assert!(
            drawn.html.contains("<mark>needle</mark>") && drawn.html.contains("<mark>Needle</mark>"),
            "{}",
            drawn.html
        );
        assert!(!drawn.html.contains(">d<"), "{}", drawn.html);
    }

    #[test]
    fn a_long_list_is_shown_in_slices() {
        let text = format!("{:?}", (0..1000).collect::<Vec<_>>());
        let first = drawn(&text, &Wanted::default()).html;
        assert!(
            first.contains("0 to 199 of 1000") && !first.contains(">200<"),
            "{first}"
        );
        let wanted = Wanted {
            from: 200,
            path: "/p".into(),
            ..Wanted::default()
        };
        let second = drawn(&text, &wanted).html;
        assert!(second.contains(">399<") && second.contains("from=400"), "{second}");
    }

    #[test]
    fn a_large_tree_is_bounded() {
        let row: Vec<_> = (0..150).collect();
        let text = format!("{:?}", vec![row; 150]);
        let drawn = drawn(&text, &Wanted::default());
        assert!(drawn.is_cut && drawn.html.len() < 3_000_000, "{}", drawn.html.len());
    }

    proptest! {
        #[test]
        fn no_markup_of_a_value_comes_through(name in "[<>&\"'a-z]{0,8}", value in "[<>&\"'a-z ]{0,12}", word in "[<a-z]{1,2}") {
            let text = serde_json::json!({ name: [value] }).to_string();
            let html = drawn(&text, &searching(&word)).html + &drawn(&text, &Wanted::default()).html;
            for piece in html.split('<').skip(1) {
                let tag = piece.split(['>', ' ']).next().unwrap_or_default().trim_start_matches('/');
                prop_assert!(["ul", "li", "details", "summary", "b", "span", "a", "mark"].contains(&tag), "{}", html);
            }
        }
    }
}
