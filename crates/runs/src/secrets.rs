//! Secrets: values given to steps by name, sealed at rest with the key of this installation.
//!
//! The cipher is XChaCha20-Poly1305. The name of a secret is sealed along, so that nobody who can
//! write the table can pass one secret off as another.

mod key;
mod note;
mod rotate;

pub use db::secrets::{SealedSecret, SecretRow};
pub use key::{KeyError, SecretKey};
pub use rotate::{RotateError, rotate_key};

use crate::mask::SHORTEST_SECRET;
use chrono::{DateTime, Utc};
use db::{
    DbError, PgConnection,
    audit::{self, Act},
    pool,
};
use domain::{Claims, Permission, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Longest value, in bytes: a key file, not a document.
pub const LONGEST_SECRET: usize = 16 * 1024;

/// Why a secret was not saved or not opened.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The caller's role does not manage secrets.
    #[error("secrets need the role {needed}")]
    Forbidden {
        /// Lowest role that may.
        needed: Role,
    },
    /// The name is not one that a template could write.
    #[error("{name:?} is not a name of a secret: it has letters, digits and _, at most 64, and no digit first")]
    NotAName {
        /// The name that was given.
        name: String,
    },
    /// The value could not be hidden in logs.
    #[error("a secret needs at least {SHORTEST_SECRET} characters, or it could not be hidden in logs")]
    TooShort,
    /// The value is a document.
    #[error("a secret may have at most {} KiB", LONGEST_SECRET / 1024)]
    TooLong,
    /// No secret has these names.
    #[error("there is no secret {}", names.join(", "))]
    Missing {
        /// The names.
        names: Vec<String>,
    },
    /// The stored value was sealed with another key, or was changed.
    #[error("the secret {name} was sealed with another key")]
    OtherKey {
        /// Its name.
        name: String,
    },
    /// Postgres refused or failed.
    #[error("the secrets could not be reached")]
    Db(#[from] DbError),
}

/// Stores a value that was sealed by [`SecretKey::seal`], in place of what had its name.
pub async fn put(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    claims: &Claims,
    secret: &SealedSecret,
) -> Result<(), SecretError> {
    require_admin(claims)?;
    pool::act_as_server(conn).await?;
    db::secrets::put(conn, now, secret, Some(&claims.actor)).await?;
    record(conn, now, claims, ("put_secret", &secret.name)).await
}

/// Forgets a secret; false when there was none.
pub async fn delete(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    claims: &Claims,
    name: &str,
) -> Result<bool, SecretError> {
    require_admin(claims)?;
    pool::act_as_server(conn).await?;
    let deleted = db::secrets::delete(conn, name).await?;
    if deleted {
        record(conn, now, claims, ("delete_secret", name)).await?;
    }
    Ok(deleted)
}

/// The values of exactly these names.
pub async fn get_many(
    conn: &mut PgConnection,
    key: &SecretKey,
    names: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>, SecretError> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let wanted: Vec<String> = names.iter().cloned().collect();
    let mut found = BTreeMap::new();
    for sealed in db::secrets::get(conn, &wanted).await? {
        let value = key.open(&sealed)?;
        found.insert(sealed.name, value);
    }
    let missing: Vec<String> = wanted.into_iter().filter(|name| !found.contains_key(name)).collect();
    if missing.is_empty() {
        Ok(found)
    } else {
        Err(SecretError::Missing { names: missing })
    }
}

/// Every secret by name, without its value.
pub async fn list(conn: &mut PgConnection) -> db::Result<Vec<SecretRow>> {
    db::secrets::list(conn).await
}

fn require_admin(claims: &Claims) -> Result<(), SecretError> {
    let needed = Permission::Administer;
    if claims.may(needed) {
        Ok(())
    } else {
        Err(SecretError::Forbidden {
            needed: needed.lowest_role(),
        })
    }
}

async fn record(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    claims: &Claims,
    (verb, name): (&str, &str),
) -> Result<(), SecretError> {
    let act = Act {
        verb,
        object_kind: "secret",
        object_id: name,
        detail: None,
    };
    Ok(audit::record(conn, now, claims, &act).await?)
}
