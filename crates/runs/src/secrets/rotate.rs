//! Giving the installation a new key: every secret is sealed again, all at once.
//!
//! The new key waits in a file beside the old one until the database has committed. Whenever it is
//! interrupted, one of the two files opens the secrets, and the next rotation goes on from there.

use super::{
    SecretError, SecretKey,
    key::{self, KeyError},
    record, require_admin,
};
use crate::alerts::channels;
use chrono::{DateTime, Utc};
use db::{DbError, PgConnection, Pool, pool};
use domain::Claims;
use std::{fs, io, path::Path};

/// Why the key was not rotated.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// A key file cannot be read or written.
    #[error("a key file cannot be used")]
    Key(#[from] KeyError),
    /// A secret could not be sealed again; nothing has changed.
    #[error("the secrets could not be sealed again")]
    Secret(#[from] SecretError),
}

/// Seals every secret, those of alert channels included, again with a new key, which takes the place of the one in the file at `path`.
/// Answers how many. Who reads that file takes the new key up when it next opens or seals something.
pub async fn rotate_key(
    connections: &Pool,
    now: DateTime<Utc>,
    claims: &Claims,
    path: &Path,
) -> Result<usize, RotateError> {
    require_admin(claims)?;
    let waiting = key::next_of(path);
    let unusable = |source| KeyError::File {
        path: waiting.clone(),
        source,
    };
    let mut tx = connections
        .begin()
        .await
        .map_err(DbError::from)
        .map_err(SecretError::from)?;
    pool::act_as_server(&mut tx).await.map_err(SecretError::from)?;
    db::secrets::lock(&mut tx).await.map_err(SecretError::from)?;
    if waiting.exists() {
        take_up(&mut tx, path, &waiting).await?;
    }
    let old = SecretKey::read(path)?;
    let new = SecretKey::random();
    let count = seal_again(&mut tx, &old, &new).await?;
    record(&mut tx, now, claims, ("rotate_key", "all")).await?;
    key::create(&waiting, &new).map_err(unusable)?;
    tx.commit().await.map_err(DbError::from).map_err(SecretError::from)?;
    put_in_place(&waiting, path).map_err(unusable)?;
    Ok(count)
}

/// Ends a rotation that was interrupted: the waiting key is the key if the secrets are sealed with it.
async fn take_up(conn: &mut PgConnection, path: &Path, waiting: &Path) -> Result<(), RotateError> {
    let unusable = |source| KeyError::File {
        path: waiting.to_owned(),
        source,
    };
    let mut sealed = db::secrets::all(conn).await.map_err(SecretError::from)?;
    let of_channels = channels::all_sealed(conn).await.map_err(SecretError::from)?;
    sealed.extend(of_channels.into_iter().map(|(_, secret)| secret));
    let is_key = match SecretKey::read(waiting) {
        Ok(key) => sealed.iter().all(|secret| key.open(secret).is_ok()),
        Err(_) => false,
    };
    // Without a secret either will do; the old one made the links that are about.
    if is_key && !sealed.is_empty() {
        put_in_place(waiting, path).map_err(unusable)?;
    } else {
        fs::remove_file(waiting).map_err(unusable)?;
    }
    Ok(())
}

async fn seal_again(conn: &mut PgConnection, old: &SecretKey, new: &SecretKey) -> Result<usize, SecretError> {
    let sealed = db::secrets::all(conn).await?;
    for secret in &sealed {
        let again = new.seal(&secret.name, &old.open(secret)?)?;
        db::secrets::seal_again(conn, &again).await?;
    }
    let of_channels = channels::all_sealed(conn).await?;
    for (channel_id, secret) in &of_channels {
        let again = new.seal(&secret.name, &old.open(secret)?)?;
        db::alerts::seal_again(conn, *channel_id, &again).await?;
    }
    Ok(sealed.len() + of_channels.len())
}

fn put_in_place(waiting: &Path, path: &Path) -> io::Result<()> {
    fs::rename(waiting, path)?;
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => fs::File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}
