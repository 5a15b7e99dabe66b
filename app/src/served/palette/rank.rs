//! How well a few letters name a thing.

/// A letter that begins a word.
const BEGINS: i32 = 8;
/// A letter behind one that fits.
const FOLLOWS: i32 = 5;
/// A letter anywhere else.
const FITS: i32 = 1;

/// Larger is better; `None` when `text` does not have the letters of `query` in their order.
pub(super) fn rank(query: &str, text: &str) -> Option<i32> {
    let wanted: Vec<char> = query
        .to_lowercase()
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    if wanted.is_empty() {
        return Some(0);
    }
    if wanted.len() > letters.len() {
        return None;
    }
    // The best way to fit the first letters, ending at each place: `None` where they do not end.
    let mut best: Vec<Option<i32>> = vec![Some(0); letters.len() + 1];
    let mut ends_here: Vec<Option<i32>> = vec![None; letters.len() + 1];
    for wanted in wanted {
        let (mut next, mut next_ends) = (vec![None; letters.len() + 1], vec![None; letters.len() + 1]);
        for (at, letter) in letters.iter().enumerate() {
            next[at + 1] = next[at];
            if *letter != wanted {
                continue;
            }
            let begins = at == 0 || !letters[at - 1].is_alphanumeric();
            let alone = best[at].map(|score| score + if begins { BEGINS } else { FITS });
            let behind = ends_here[at].map(|score| score + FOLLOWS.max(if begins { BEGINS } else { 0 }));
            next_ends[at + 1] = alone.max(behind);
            next[at + 1] = next[at + 1].max(next_ends[at + 1]);
        }
        (best, ends_here) = (next, next_ends);
    }
    // Of two that fit alike the shorter is meant.
    best[letters.len()].map(|score| score * 100 - letters.len() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(query: &str, mut texts: Vec<&'static str>) -> Vec<&'static str> {
        texts.retain(|text| rank(query, text).is_some());
        texts.sort_by_key(|text| std::cmp::Reverse(rank(query, text)));
        texts
    }

    #[test]
    fn beginnings_of_words_come_first() {
        assert_eq!(
            order("wo", vec!["Network", "Workers", "Two"]),
            ["Workers", "Two", "Network"]
        );
        assert_eq!(
            order("hc", vec!["Health check", "Watch"]),
            ["Health check", "Watch"][..1]
        );
        assert_eq!(
            order("log", vec!["Catalogue", "Log digest"]),
            ["Log digest", "Catalogue"]
        );
    }

    #[test]
    fn what_lacks_a_letter_does_not_fit() {
        assert_eq!(rank("xyz", "Workers"), None);
        assert_eq!(rank("rw", "wr"), None);
    }

    proptest! {
        #[test]
        fn letters_taken_out_of_a_text_find_it(text in "[a-z ]{1,24}", keep in proptest::collection::vec(any::<bool>(), 24)) {
            let query: String = text.chars().zip(keep).filter(|(_, keep)| *keep).map(|(letter, _)| letter).collect();
            prop_assert!(rank(&query, &text).is_some());
        }
    }
}
