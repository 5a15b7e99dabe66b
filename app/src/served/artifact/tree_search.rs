//! Where in a JSON text something is found.

use runs::artifacts::json::{Node, decoded};

/// What a search found in one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weight {
    /// Names and values in it that fit.
    pub(super) hits: usize,
    /// How many values it is made of, itself included.
    pub(super) size: usize,
}

/// A weight for each value, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Weights(Vec<Weight>);

impl Weights {
    /// Looks for `search`, in lower case, in all names and values.
    pub(super) fn of(node: &Node<'_>, search: &str) -> Self {
        let mut weights = Self::default();
        weights.weigh(node, None, search);
        weights
    }

    /// The weight of the value at `place`; the values inside it follow.
    pub(super) fn at(&self, place: usize) -> Weight {
        self.0.get(place).copied().unwrap_or(Weight { hits: 0, size: 1 })
    }

    fn weigh(&mut self, node: &Node<'_>, name: Option<&str>, search: &str) -> Weight {
        let fits = |quoted: &str| decoded(quoted).to_lowercase().contains(search);
        let place = self.0.len();
        let mut weight = Weight {
            hits: usize::from(name.is_some_and(fits)),
            size: 1,
        };
        self.0.push(weight);
        match node {
            Node::Plain(word) => weight.hits += usize::from(word.to_lowercase().contains(search)),
            Node::Text(quoted) => weight.hits += usize::from(fits(quoted)),
            Node::List(items) => items.iter().for_each(|item| weight.add(self.weigh(item, None, search))),
            Node::Fields(fields) => {
                for (name, value) in fields {
                    weight.add(self.weigh(value, Some(name), search));
                }
            }
        }
        self.0[place] = weight;
        weight
    }
}

impl Weight {
    fn add(&mut self, inner: Self) {
        self.hits += inner.hits;
        self.size += inner.size;
    }
}
