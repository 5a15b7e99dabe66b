//! Where in the text of a template a path points.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use std::fmt;

/// The places of every value in a text.
pub(super) struct Places(Spanned<Node>);

/// A value reduced to its shape.
enum Node {
    Leaf,
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
    List(Vec<Spanned<Node>>),
}

impl Places {
    /// Reads the places; `None` when the text cannot be read as YAML.
    pub(super) fn read(source: &str) -> Option<Self> {
        serde_saphyr::from_str(source).ok().map(Self)
    }

    /// Line and column, from 1, of the value at `path`, or of the nearest one around it.
    pub(super) fn find(&self, path: &str) -> (u64, u64) {
        let mut at = self.0.referenced;
        let mut node = &self.0.value;
        let mut rest = path;
        while !rest.is_empty() {
            let next = match node {
                Node::Leaf => None,
                Node::List(items) => index(rest)
                    .and_then(|(position, rest)| items.get(position).map(|item| (item.referenced, &item.value, rest))),
                // A key may hold dots, so keys are compared with the path and not the other way round.
                Node::Map(entries) => entries.iter().find_map(|(key, value)| {
                    let rest = rest.strip_prefix(key.value.as_str())?;
                    let ends = rest.is_empty() || rest.starts_with(['.', '[']);
                    ends.then(|| (key.referenced, &value.value, rest.strip_prefix('.').unwrap_or(rest)))
                }),
            };
            let Some(next) = next else { break };
            (at, node, rest) = next;
        }
        (at.line(), at.column())
    }
}

/// `[3].with` → `(3, "with")`.
fn index(path: &str) -> Option<(usize, &str)> {
    let (digits, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((digits.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

macro_rules! leaves {
    ($($method:ident: $kind:ty),*) => {
        $(fn $method<E>(self, _: $kind) -> Result<Node, E> { Ok(Node::Leaf) })*
    };
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    leaves!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_some<D: Deserializer<'de>>(self, input: D) -> Result<Node, D::Error> {
        Node::deserialize(input)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(Node::List(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            found.push(entry);
        }
        Ok(Node::Map(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_key_or_the_nearest_around_it() {
        let places = Places::read("version: 1\nsteps:\n  - id: a\n    with: { script: 'true' }\n  - id: b\n").unwrap();
        assert_eq!(places.find("version"), (1, 1));
        assert_eq!(places.find("steps[0].with.script"), (4, 13));
        assert_eq!(places.find("steps[1]"), (5, 5));
        assert_eq!(places.find("steps[1].kind"), (5, 5));
        assert_eq!(places.find("missing"), (1, 1));
    }
}
