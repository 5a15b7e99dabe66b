//! Tokens: what callers hold, and what the database keeps of it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Characters of a token that may be shown, so that people can tell tokens apart.
const SHOWN: usize = 10;

/// 256 random bits with a prefix that says what the token is for.
pub(super) fn fresh(prefix: &str) -> String {
    let bits: [u8; 32] = rand::random();
    format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(bits))
}

/// SHA-256: enough for 256 random bits, and quick at every request.
pub(super) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The part that lists show.
pub(super) fn shown(token: &str) -> String {
    token.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_show_only_their_beginning() {
        let (one, other) = (fresh("rb"), fresh("rb"));
        assert_ne!(one, other);
        assert_eq!(one.len(), 46);
        assert!(one.starts_with(&shown(&one)) && shown(&one).len() == SHOWN);
        assert_ne!(hash(&one), hash(&other));
    }
}
