//! Credentials: what proves who asks. A token of a service account is kept until a minute before its end.

use super::{BadKeyFile, KeyFile};
use chrono::{DateTime, TimeDelta, Utc};
use std::fmt;
use tokio::sync::Mutex;

/// A token is fetched anew this long before it ends.
const MARGIN_SECONDS: i64 = 60;

/// What proves who asks.
pub enum Credential {
    /// A token that does not change.
    Bearer {
        /// The name under which its quota is counted; never the token.
        name: String,
        /// The token.
        token: String,
    },
    /// A service account.
    ServiceAccount(Box<ServiceAccount>),
}

/// A service account and its current token.
pub struct ServiceAccount {
    pub(super) key: KeyFile,
    /// Locked while a token is fetched, so that many callers fetch one.
    pub(super) token: Mutex<Option<Token>>,
}

/// A token and its end.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) secret: String,
    pub(super) ends_at: DateTime<Utc>,
}

impl Credential {
    /// A token that does not change, and the name under which its quota is counted.
    pub fn bearer(name: impl Into<String>, token: impl Into<String>) -> Self {
        Self::Bearer {
            name: name.into(),
            token: token.into(),
        }
    }

    /// A service account by the JSON of its key file.
    pub fn service_account(key_file: &str) -> Result<Self, BadKeyFile> {
        Ok(Self::ServiceAccount(Box::new(ServiceAccount {
            key: KeyFile::parse(key_file)?,
            token: Mutex::new(None),
        })))
    }

    /// The name under which quotas count: of a service account, its e-mail address.
    pub fn name(&self) -> &str {
        match self {
            Self::Bearer { name, .. } => name,
            Self::ServiceAccount(account) => &account.key.account,
        }
    }

    /// The e-mail address with which a spreadsheet is shared.
    pub(super) fn account(&self) -> Option<&str> {
        match self {
            Self::Bearer { .. } => None,
            Self::ServiceAccount(account) => Some(&account.key.account),
        }
    }
}

impl Token {
    pub(super) fn holds_at(&self, now: DateTime<Utc>) -> bool {
        now + TimeDelta::seconds(MARGIN_SECONDS) < self.ends_at
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bearer { .. } => "Bearer",
            Self::ServiceAccount(_) => "ServiceAccount",
        })
    }
}
