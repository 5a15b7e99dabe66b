//! Chance.

/// Random bytes as lower-case hex.
pub(crate) fn random_hex<const BYTES: usize>() -> String {
    let bytes: [u8; BYTES] = std::array::from_fn(|_| rand::random());
    domain::hex(&bytes)
}
