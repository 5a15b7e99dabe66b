//! Reading the bytes of an artifact, wherever they are.

use super::{ByteStream, Object, Store, StoreError};
use bytes::{Bytes, BytesMut};
use db::{
    PgConnection,
    artifacts::{self, ArtifactPlace},
    reads::ArtifactRow,
};
use futures::{StreamExt, TryStreamExt, stream};
use std::ops::Range;

/// An artifact whose bytes can be read.
#[derive(Debug, Clone)]
pub struct Opened {
    place: ArtifactPlace,
    object: Object,
}

/// Finds out where the bytes of an artifact are; `None` when it is gone.
pub async fn open(conn: &mut PgConnection, row: &ArtifactRow) -> db::Result<Option<Opened>> {
    let place = artifacts::place(conn, row.artifact_id).await?;
    Ok(place.map(|place| Opened {
        place,
        object: Object {
            sha256: row.sha256.clone(),
            size_bytes: u64::try_from(row.size_bytes).unwrap_or_default(),
        },
    }))
}

impl Opened {
    /// What it is.
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// Whether the bytes lie in the object store.
    pub fn is_stored(&self) -> bool {
        self.place.storage_url.is_some()
    }

    /// How many bytes there are to read.
    pub fn size_bytes(&self) -> u64 {
        match &self.place.inline {
            Some(bytes) => bytes.len() as u64,
            None => self.object.size_bytes,
        }
    }

    /// The bytes as they come, or those of `range`.
    pub async fn stream(self, store: &Store, range: Option<Range<u64>>) -> Result<ByteStream, StoreError> {
        match self.place.inline {
            Some(bytes) => {
                let bytes = Bytes::from(bytes);
                let bytes = match range {
                    Some(range) => {
                        let end = bytes.len().min(range.end as usize);
                        bytes.slice(end.min(range.start as usize)..end)
                    }
                    None => bytes,
                };
                Ok(stream::once(async move { Ok(bytes) }).boxed())
            }
            None => store.read(&self.object, range).await,
        }
    }

    /// At most the first `most` bytes.
    pub async fn beginning(self, store: &Store, most: u64) -> Result<Vec<u8>, StoreError> {
        let range = (self.size_bytes() > most).then_some(0..most);
        let mut bytes = self.stream(store, range).await?;
        let mut whole = BytesMut::new();
        while let Some(piece) = bytes.try_next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.into())
    }
}
