//! Who may set up: whoever can read the console of the server.
//!
//! Nobody has a login yet, and an address on loopback proves nothing behind a proxy. The link works once; the browser
//! that used it holds a session in memory, and the next link is written for the next browser.

use crate::{caller::is_same, random::random_hex};
use std::sync::{Mutex, PoisonError};

/// Name of the cookie.
pub(super) const COOKIE: &str = "runboard_setup";
/// Browsers that are remembered at once.
const SESSIONS: usize = 16;

/// The link that works, and the browsers that used one.
pub(super) struct Keys(Mutex<Known>);

struct Known {
    link: String,
    sessions: Vec<String>,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Known {
            link: random_hex::<24>(),
            sessions: Vec::new(),
        }))
    }

    /// The token of the link that works now.
    pub(super) fn link(&self) -> String {
        self.known().link.clone()
    }

    /// Uses the link up and answers with a session.
    pub(super) fn redeem(&self, token: &str) -> Option<String> {
        let mut known = self.known();
        if !is_same(token.as_bytes(), known.link.as_bytes()) {
            return None;
        }
        known.link = random_hex::<24>();
        if known.sessions.len() == SESSIONS {
            known.sessions.remove(0);
        }
        let session = random_hex::<24>();
        known.sessions.push(session.clone());
        Some(session)
    }

    /// Whether a browser has used a link.
    pub(super) fn admits(&self, session: &str) -> bool {
        let known = self.known();
        known
            .sessions
            .iter()
            .any(|held| is_same(session.as_bytes(), held.as_bytes()))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_once_and_its_browser_stays() {
        let keys = Keys::new();
        let link = keys.link();
        assert_eq!(keys.redeem("guess"), None);
        let session = keys.redeem(&link).unwrap();
        assert!(keys.admits(&session) && !keys.admits(&link) && !keys.admits(""));
        assert_eq!(keys.redeem(&link), None);
        let next = keys.redeem(&keys.link()).unwrap();
        assert!(keys.admits(&next) && keys.admits(&session));
    }
}
