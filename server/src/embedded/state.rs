//! What is remembered between starts: the password and the port.

use super::{EmbeddedError, error::io};
use crate::{private_file, random};
use serde::{Deserialize, Serialize};
use std::{fs, io::ErrorKind, net::TcpListener, path::Path, path::PathBuf};

/// Password of the role `runboard` and the loopback port, kept in a private file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    /// Password of the owner of the database.
    pub(super) password: String,
    /// Loopback port of the last start.
    pub(super) port: u16,
    #[serde(skip)]
    path: PathBuf,
}

impl State {
    /// The state of an earlier start, if there is one that can be read.
    pub(super) fn load(path: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
    }

    pub(super) fn load_or_create(path: &Path) -> Result<Self, EmbeddedError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                let state: Self = serde_json::from_str(&text).map_err(|source| EmbeddedError::State {
                    path: path.to_owned(),
                    source,
                })?;
                Ok(Self {
                    path: path.to_owned(),
                    ..state
                })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let state = Self {
                    password: random::random_hex::<24>(),
                    port: 0,
                    path: path.to_owned(),
                };
                state.save()?;
                Ok(state)
            }
            Err(error) => Err(io(format!("reading {}", path.display()))(error)),
        }
    }

    /// Keeps the port of the last start while it is free, so that addresses stay valid; else takes another.
    pub(super) fn choose_port(&mut self) -> Result<u16, EmbeddedError> {
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if self.port == 0 || !is_free(self.port) {
            let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(io("looking for a free port"))?;
            self.port = listener.local_addr().map_err(io("looking for a free port"))?.port();
            self.save()?;
        }
        Ok(self.port)
    }

    fn save(&self) -> Result<(), EmbeddedError> {
        let text = serde_json::to_string_pretty(self).expect("two plain fields are JSON");
        private_file::write(&self.path, &text).map_err(io(format!("writing {}", self.path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_stays_while_it_is_free_and_moves_when_it_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("postgres.json");
        let port = State::load_or_create(&path).unwrap().choose_port().unwrap();
        assert_eq!(State::load_or_create(&path).unwrap().choose_port().unwrap(), port);
        let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
        assert_ne!(State::load_or_create(&path).unwrap().choose_port().unwrap(), port);
    }
}
