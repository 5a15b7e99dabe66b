//! Bringing bytes into the store for a run: announced, sent, known.

use super::{Object, Store, StoreError};
use bytes::Bytes;
use db::{
    DbError, Pool,
    artifacts::{self, Announced, Upload},
};
use futures::Stream;
use std::error::Error;

/// What became of bytes that were brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// An artifact may name them.
    Stored,
    /// The same bytes are being removed at this moment: bring them again in a second.
    Busy,
    /// The run belongs to somebody else now.
    Lost,
}

/// Brings `object` into the store for the run held under `lease_seq`; `bytes` is asked for only when they
/// are not there already. No connection is held while bytes travel.
pub async fn bring<S, E>(
    pool: &Pool,
    store: &Store,
    (run_id, lease_seq): (&str, i64),
    object: &Object,
    bytes: impl FnOnce() -> S,
) -> Result<Brought, StoreError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    store.check_size(object.size_bytes)?;
    let upload = Upload {
        run_id,
        lease_seq,
        sha256: &object.sha256,
        size_bytes: i64::try_from(object.size_bytes).unwrap_or(i64::MAX),
    };
    let announced = {
        let mut conn = pool.acquire().await.map_err(DbError::from)?;
        artifacts::announce_upload(&mut conn, &upload).await?
    };
    match announced {
        Announced::Ok => {}
        Announced::Stored => return Ok(Brought::Stored),
        Announced::Busy => return Ok(Brought::Busy),
        Announced::Lost => return Ok(Brought::Lost),
    }
    store.put(object, bytes()).await?;
    let mut conn = pool.acquire().await.map_err(DbError::from)?;
    if artifacts::finish_upload(&mut conn, &upload).await? {
        Ok(Brought::Stored)
    } else {
        Ok(Brought::Lost)
    }
}
