//! The letters of a column.

/// What people call the column `at`, counted from 0.
pub(crate) fn letters(mut at: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.insert(0, char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            return letters.into_iter().collect();
        }
        at = at / 26 - 1;
    }
}
