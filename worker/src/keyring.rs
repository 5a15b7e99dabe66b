//! The key of the installation, as far as this worker has it. Only a server makes one: a key that a worker made
//! up would open nothing. Runs without secrets need none.

use runs::secrets::{KeyError, SecretKey};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// Where the key is found when it is needed.
#[derive(Debug, Clone)]
pub struct Keyring {
    known: Arc<OnceLock<SecretKey>>,
    file: Option<PathBuf>,
}

impl Keyring {
    /// The key in the file at `path`; when there is none yet, it is looked for again whenever it is needed.
    pub fn at(path: &Path) -> Result<Self, KeyError> {
        let keyring = Self {
            known: Arc::default(),
            file: Some(path.to_owned()),
        };
        match keyring.get() {
            Err(error @ KeyError::Missing { .. }) => {
                tracing::warn!(%error, "Steps that need a secret or a callback will fail.");
                Ok(keyring)
            }
            Err(error) => Err(error),
            Ok(_) => Ok(keyring),
        }
    }

    /// The key.
    pub fn get(&self) -> Result<SecretKey, KeyError> {
        match (self.known.get(), &self.file) {
            (Some(key), _) => Ok(key.clone()),
            (None, Some(file)) => {
                let key = SecretKey::read(file)?;
                Ok(self.known.get_or_init(|| key).clone())
            }
            (None, None) => Err(KeyError::Malformed),
        }
    }
}

impl From<SecretKey> for Keyring {
    fn from(key: SecretKey) -> Self {
        Self {
            known: Arc::new(OnceLock::from(key)),
            file: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_comes_later_is_found_and_none_is_made() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret.key");
        let keyring = Keyring::at(&path).unwrap();
        assert!(matches!(keyring.get(), Err(KeyError::Missing { .. })));
        assert!(!path.exists());
        let made = SecretKey::from_file(&path).unwrap();
        assert_eq!(keyring.get().unwrap().fingerprint(), made.fingerprint());
    }
}
