//! Links that work without a login: what they allow stands in them, sealed with the key of the installation.

use super::Object;
use crate::secrets::SecretKey;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;
use uuid::Uuid;

/// Signs and checks links.
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

/// Why a link does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It was not made here, or was changed.
    #[error("this link was not made by this installation, or was changed")]
    Forged,
    /// It is too old.
    #[error("this link has expired")]
    Expired,
}

/// Leave to bring the bytes of one object for one run, while its lease lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadTicket {
    /// The run.
    pub run_id: String,
    /// Lease it is held under.
    pub lease_seq: i64,
    /// Checksum of the bytes.
    pub sha256: String,
    /// How many bytes.
    pub size_bytes: u64,
    /// Until when, in seconds.
    expires: i64,
}

#[derive(Serialize, Deserialize)]
struct Download {
    artifact_id: Uuid,
    expires: i64,
}

impl UploadTicket {
    /// Leave for the run held under `lease_seq` to bring `object` until `expires_at`.
    pub fn new((run_id, lease_seq): (&str, i64), object: Object, expires_at: DateTime<Utc>) -> Self {
        Self {
            run_id: run_id.to_owned(),
            lease_seq,
            sha256: object.sha256,
            size_bytes: object.size_bytes,
            expires: expires_at.timestamp(),
        }
    }

    /// What will be brought.
    pub fn object(&self) -> Object {
        Object {
            sha256: self.sha256.clone(),
            size_bytes: self.size_bytes,
        }
    }
}

impl LinkKey {
    /// The key of links, made from the key of the installation: nobody who has one link learns of either.
    pub fn of(key: &SecretKey) -> Self {
        Self(key.derive("artifact links"))
    }

    /// Leave to read an artifact until `expires_at`, as one word for an address.
    pub fn download(&self, artifact_id: Uuid, expires_at: DateTime<Utc>) -> String {
        let download = Download {
            artifact_id,
            expires: expires_at.timestamp(),
        };
        self.sign("download", &download)
    }

    /// The artifact that the word of a link allows to read.
    pub fn open_download(&self, word: &str, now: DateTime<Utc>) -> Result<Uuid, LinkError> {
        let download: Download = self.open("download", word)?;
        not_expired(download.expires, now)?;
        Ok(download.artifact_id)
    }

    /// A ticket as one word for an address.
    pub fn upload(&self, ticket: &UploadTicket) -> String {
        self.sign("upload", ticket)
    }

    /// The ticket in the word of an address.
    pub fn open_upload(&self, word: &str, now: DateTime<Utc>) -> Result<UploadTicket, LinkError> {
        let ticket: UploadTicket = self.open("upload", word)?;
        not_expired(ticket.expires, now)?;
        Ok(ticket)
    }

    fn sign(&self, purpose: &str, content: &impl Serialize) -> String {
        let content = serde_json::to_vec(content).expect("texts and numbers are JSON");
        let seal = self.mac(purpose, &content).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&content), URL_SAFE_NO_PAD.encode(seal))
    }

    fn open<T: DeserializeOwned>(&self, purpose: &str, word: &str) -> Result<T, LinkError> {
        let (content, seal) = word.split_once('.').ok_or(LinkError::Forged)?;
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| LinkError::Forged);
        let (content, seal) = (decode(content)?, decode(seal)?);
        // Compares in constant time, and before anything of the content is looked at.
        self.mac(purpose, &content)
            .verify_slice(&seal)
            .map_err(|_| LinkError::Forged)?;
        serde_json::from_slice(&content).map_err(|_| LinkError::Forged)
    }

    fn mac(&self, purpose: &str, content: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(content);
        mac
    }
}

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

fn not_expired(expires: i64, now: DateTime<Utc>) -> Result<(), LinkError> {
    if now.timestamp() < expires {
        Ok(())
    } else {
        Err(LinkError::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_link_opens_its_artifact_until_it_expires() {
        let key = LinkKey::of(&SecretKey::random());
        let now = DateTime::UNIX_EPOCH;
        let word = key.download(Uuid::nil(), now + TimeDelta::seconds(60));
        assert_eq!(key.open_download(&word, now), Ok(Uuid::nil()));
        assert_eq!(
            key.open_download(&word, now + TimeDelta::seconds(60)),
            Err(LinkError::Expired)
        );
    }

    #[test]
    fn a_link_that_was_changed_made_elsewhere_or_for_something_else_is_refused() {
        let installation = SecretKey::random();
        let key = LinkKey::of(&installation);
        let now = DateTime::UNIX_EPOCH;
        let later = now + TimeDelta::seconds(60);
        let word = key.download(Uuid::nil(), later);
        for at in 0..word.len() {
            let mut changed = word.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(key.open_download(&changed, now), Err(LinkError::Forged), "{at}");
        }
        let elsewhere = LinkKey::of(&SecretKey::random());
        assert_eq!(elsewhere.open_download(&word, now), Err(LinkError::Forged));
        assert_eq!(key.open_upload(&word, now), Err(LinkError::Forged));
        let object = Object::of(b"hello");
        let ticket = UploadTicket::new(("run_1", 7), object.clone(), later);
        let opened = key.open_upload(&key.upload(&ticket), now).unwrap();
        assert_eq!((opened.object(), opened.lease_seq), (object, 7));
    }
}
