//! The key of this installation: from the environment, or from a file made at the first start.

use super::{LONGEST_SECRET, SealedSecret, SecretError};
use crate::mask::SHORTEST_SECRET;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac as _};
use rand::RngExt as _;
use sha2::Sha256;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

type KeyBytes = [u8; KEY_BYTES];

/// Seals and opens secrets. Clones share one key; one from a file takes up the key that takes its place there.
#[derive(Clone)]
pub struct SecretKey {
    held: Arc<RwLock<KeyBytes>>,
    file: Option<Arc<Path>>,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not 32 bytes in base64.
    #[error("the key must be {KEY_BYTES} bytes in base64")]
    Malformed,
    /// The file cannot be read or made.
    #[error("the key file {} cannot be used", path.display())]
    File {
        /// Where it is.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is no file, and nobody here may make one.
    #[error("there is no key of the secrets at {}: start the server, which makes it, or bring its file here", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("the key file {} does not hold {KEY_BYTES} bytes in base64", path.display())]
    NotAKey {
        /// Where it is.
        path: PathBuf,
    },
}

impl SecretKey {
    /// A new key.
    pub fn random() -> Self {
        Self::of(rand::rng().random())
    }

    fn of(bytes: KeyBytes) -> Self {
        Self {
            held: Arc::new(RwLock::new(bytes)),
            file: None,
        }
    }

    /// A name of this installation that tells nothing of the key: workers that share the key share it.
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest as _, Sha256};
        let digest = Sha256::new()
            .chain_update(b"runboard installation\0")
            .chain_update(self.bytes())
            .finalize();
        domain::hex(&digest[..8])
    }

    /// The key that `text` holds in base64, as an environment variable carries it.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        STANDARD
            .decode(text.trim())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self::of)
            .ok_or(KeyError::Malformed)
    }

    /// The key in the file at `path`, which is made, readable by its owner only, when there is none: for who
    /// starts an installation. All others [`read`](Self::read) it.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File {
            path: path.to_owned(),
            source,
        };
        match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path, &Self::random()).map_err(failed)?;
                Self::read(path)
            }
            _ => Self::read(path),
        }
    }

    /// The key in the file at `path`.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = fs::read_to_string(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => KeyError::Missing { path: path.to_owned() },
            _ => KeyError::File {
                path: path.to_owned(),
                source,
            },
        })?;
        let key = Self::from_text(&text).map_err(|_| KeyError::NotAKey { path: path.to_owned() })?;
        Ok(Self {
            file: Some(Arc::from(path)),
            ..key
        })
    }

    /// The token with which a program outside answers `step` of a run: nobody can guess it, and every worker
    /// of this installation finds the same.
    pub fn callback_token(&self, run_id: &str, step: &str) -> String {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.bytes()).expect("HMAC takes a key of any length");
        code.update(format!("callback\0{run_id}\0{step}").as_bytes());
        URL_SAFE_NO_PAD.encode(code.finalize().into_bytes())
    }

    /// Seals `value` under `name`.
    pub fn seal(&self, name: &str, value: &str) -> Result<SealedSecret, SecretError> {
        if !is_name(name) {
            return Err(SecretError::NotAName { name: name.to_owned() });
        }
        if value.trim().chars().count() < SHORTEST_SECRET {
            return Err(SecretError::TooShort);
        }
        if value.len() > LONGEST_SECRET {
            return Err(SecretError::TooLong);
        }
        // What is sealed with a key that is no longer there could never be opened again.
        self.take_up(self.in_file(Path::to_path_buf));
        let nonce: [u8; NONCE_BYTES] = rand::rng().random();
        let ciphertext = cipher(self.bytes())
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: value.as_bytes(),
                    aad: name.as_bytes(),
                },
            )
            .expect("16 KiB are far below the limit of the cipher");
        Ok(SealedSecret {
            name: name.to_owned(),
            nonce: nonce.to_vec(),
            ciphertext,
        })
    }

    /// The value that was sealed. What this key does not open may be sealed with the one that has just taken
    /// its place, or waits to do so.
    pub fn open(&self, secret: &SealedSecret) -> Result<String, SecretError> {
        if let Some(value) = open_with(self.bytes(), secret) {
            return Ok(value);
        }
        for place in [Path::to_path_buf, next_of] {
            let found = self.in_file(place);
            if let Some(value) = found.and_then(|bytes| open_with(bytes, secret)) {
                self.take_up(found);
                return Ok(value);
            }
        }
        Err(SecretError::OtherKey {
            name: secret.name.clone(),
        })
    }

    /// Another key for `purpose`, from which this one cannot be learned.
    pub fn derive(&self, purpose: &str) -> [u8; KEY_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.bytes()).expect("a key of any length will do");
        mac.update(b"runboard ");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn bytes(&self) -> KeyBytes {
        *self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key that lies where this one came from.
    fn in_file(&self, place: impl FnOnce(&Path) -> PathBuf) -> Option<KeyBytes> {
        let file = self.file.as_deref()?;
        Some(Self::read(&place(file)).ok()?.bytes())
    }

    fn take_up(&self, found: Option<KeyBytes>) {
        if let Some(bytes) = found
            && bytes != self.bytes()
        {
            *self.held.write().unwrap_or_else(PoisonError::into_inner) = bytes;
            tracing::info!("The key of the secrets was changed; the new one is used.");
        }
    }
}

fn cipher(key: KeyBytes) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(key))
}

fn open_with(key: KeyBytes, secret: &SealedSecret) -> Option<String> {
    let nonce: [u8; NONCE_BYTES] = secret.nonce.as_slice().try_into().ok()?;
    let payload = Payload {
        msg: secret.ciphertext.as_slice(),
        aad: secret.name.as_bytes(),
    };
    let bytes = cipher(key).decrypt(&XNonce::from(nonce), payload).ok()?;
    String::from_utf8(bytes).ok()
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Where the key of `path` waits while secrets are sealed again with it.
pub(super) fn next_of(path: &Path) -> PathBuf {
    path.with_extension("key.next")
}

/// Makes the file in one step: of two processes that start at once, both use the key of one.
pub(super) fn create(path: &Path, key: &SecretKey) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(file, "{}", STANDARD.encode(key.bytes()))?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    };
    fs::remove_file(&draft)?;
    linked
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_sealed_value_opens_with_its_key_and_under_its_name_only() {
        let key = SecretKey::random();
        let sealed = key.seal("TOKEN", "hunter2").unwrap();
        assert_eq!(key.open(&sealed).unwrap(), "hunter2");
        assert!(!sealed.ciphertext.windows(7).any(|part| part == b"hunter2"));
        assert!(SecretKey::random().open(&sealed).is_err());
        let renamed = SealedSecret {
            name: "OTHER".to_owned(),
            ..sealed
        };
        assert!(matches!(key.open(&renamed), Err(SecretError::OtherKey { .. })));
    }

    #[test]
    fn a_value_that_could_not_be_hidden_is_refused() {
        let key = SecretKey::random();
        assert!(matches!(key.seal("TOKEN", "abc"), Err(SecretError::TooShort)));
        assert!(matches!(key.seal("TOKEN", "abc \n"), Err(SecretError::TooShort)));
        assert!(matches!(key.seal("2FA", "abcdef"), Err(SecretError::NotAName { .. })));
        assert!(matches!(
            key.seal("BIG", &"x".repeat(LONGEST_SECRET + 1)),
            Err(SecretError::TooLong)
        ));
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state/secret.key");
        let sealed = SecretKey::from_file(&path).unwrap().seal("TOKEN", "hunter2").unwrap();
        assert_eq!(SecretKey::from_file(&path).unwrap().open(&sealed).unwrap(), "hunter2");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_holds_something_else_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret.key");
        assert!(matches!(SecretKey::read(&path), Err(KeyError::Missing { .. })));
        fs::write(&path, "hello").unwrap();
        assert!(matches!(SecretKey::from_file(&path), Err(KeyError::NotAKey { .. })));
    }
}
