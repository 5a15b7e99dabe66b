//! A sealed note: what a browser carries from one answer to its next question and cannot read itself.

use super::{SealedSecret, SecretError, SecretKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};

const NONCE_BYTES: usize = 24;

impl SecretKey {
    /// Seals `text` for `reader`, such as the id of a person; nobody opens it after `until`.
    pub fn seal_note(&self, reader: &str, text: &str, until: DateTime<Utc>) -> Result<String, SecretError> {
        let dated = format!("{}\n{text}", until.timestamp_millis());
        let sealed = self.seal(&name(reader), &dated)?;
        Ok(URL_SAFE_NO_PAD.encode([sealed.nonce, sealed.ciphertext].concat()))
    }

    /// What was sealed for `reader`; `None` when it is for somebody else, too old, or no note.
    pub fn open_note(&self, reader: &str, note: &str, now: DateTime<Utc>) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(note).ok()?;
        let (nonce, ciphertext) = bytes.split_at_checked(NONCE_BYTES)?;
        let sealed = SealedSecret {
            name: name(reader),
            nonce: nonce.to_vec(),
            ciphertext: ciphertext.to_vec(),
        };
        let dated = self.open(&sealed).ok()?;
        let (until, text) = dated.split_once('\n')?;
        let is_good = until.parse().is_ok_and(|until: i64| now.timestamp_millis() < until);
        is_good.then(|| text.to_owned())
    }
}

/// Notes are sealed as secrets are, so they are named as those may be.
fn name(reader: &str) -> String {
    let known: String = reader.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    format!("note_for_{known}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_note_is_opened_by_its_reader_in_its_time_only() {
        let (key, now) = (SecretKey::random(), DateTime::UNIX_EPOCH);
        let until = now + TimeDelta::minutes(5);
        let note = key.seal_note("ana", "rb_secret\nand more", until).unwrap();
        assert!(!note.contains("secret"));
        assert_eq!(key.open_note("ana", &note, now).as_deref(), Some("rb_secret\nand more"));
        assert_eq!(key.open_note("bob", &note, now), None);
        assert_eq!(key.open_note("ana", &note, until), None);
        assert_eq!(SecretKey::random().open_note("ana", &note, now), None);
        for wrong in ["", "!", "AAAA", &note[1..]] {
            assert_eq!(key.open_note("ana", wrong, now), None, "{wrong}");
        }
    }
}
