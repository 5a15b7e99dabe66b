//! What a person types into the filter becomes part of the address.

use super::{KEYS, LISTS, Search, address};

/// The query with what was typed: `status:failed lane=A`, `payload.user.id:7`, words. The place in the list is left.
pub fn add_typed(query: &str, typed: &str) -> String {
    let mut pairs = address::pairs(query);
    pairs.retain(|(key, _)| !matches!(key.as_str(), "after" | "add"));
    let mut words = Vec::new();
    for word in typed.split_whitespace() {
        match token(word) {
            Some((key, value)) => put(&mut pairs, key, value),
            None if matches!(Search::read(word), Search::Param(_)) => pairs.push(("q".to_owned(), word.to_owned())),
            None => words.push(word),
        }
    }
    if !words.is_empty() {
        // One text at a time.
        pairs.retain(|(key, value)| key != "q" || matches!(Search::read(value), Search::Param(_)));
        pairs.push(("q".to_owned(), words.join(" ")));
    }
    address::query(&pairs)
}

/// `key=value`, whatever the key, or `key:value` with a key that exists.
fn token(word: &str) -> Option<(&str, &str)> {
    let at = word.find(['=', ':'])?;
    let (key, value) = (&word[..at], &word[at + 1..]);
    let is_plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_token = is_plain && !value.is_empty() && (word.as_bytes()[at] == b'=' || KEYS.contains(&key));
    is_token.then_some((key, value))
}

fn put(pairs: &mut Vec<(String, String)>, key: &str, value: &str) {
    let known = pairs.iter_mut().find(|(known, _)| known == key);
    match known {
        Some((_, values)) if LISTS.contains(&key) => {
            for one in value.split(',') {
                if !values.split(',').any(|known| known == one) {
                    values.push(',');
                    values.push_str(one);
                }
            }
        }
        Some((_, known)) if key != "q" => value.clone_into(known),
        _ => pairs.push((key.to_owned(), value.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_words_join_the_tokens_that_are_there() {
        for (before, typed, after) in [
            ("", "status:failed", "status=failed"),
            (
                "status=failed&after=1~run_x",
                "status:stuck,failed lane=A",
                "status=failed,stuck&lane=A",
            ),
            ("from=24h", "from:7d", "from=7d"),
            ("", "nightly report", "q=nightly%20report"),
            ("q=nightly", "payload.user.id:7 weekly", "q=payload.user.id:7&q=weekly"),
            ("", "stauts=failed", "stauts=failed"),
            ("", "http://example.org", "q=http://example.org"),
        ] {
            assert_eq!(add_typed(before, typed), after, "{before} + {typed}");
        }
    }
}
