//! Removing from the store what no artifact names any more.

use super::Store;
use db::{DbError, Pool, artifacts};

/// Objects in one round.
const ROUND: i32 = 100;

/// What a sweep of the store did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects that are gone.
    pub removed_count: usize,
    /// Objects that the store did not let go; a later sweep tries again.
    pub failed_count: usize,
}

/// Removes up to `most` objects that no artifact names and nobody is bringing; calls `done` after each
/// round, and stops when it answers false.
pub async fn sweep(pool: &Pool, store: &Store, most: usize, mut done: impl FnMut(Swept) -> bool) -> db::Result<Swept> {
    let mut swept = Swept::default();
    while swept.removed_count + swept.failed_count < most {
        let taken = {
            let mut conn = pool.acquire().await.map_err(DbError::from)?;
            artifacts::take_unused(&mut conn, ROUND).await?
        };
        if taken.is_empty() {
            break;
        }
        let mut gone = Vec::with_capacity(taken.len());
        for storage_url in taken {
            match store.remove(&storage_url).await {
                Ok(()) => gone.push(storage_url),
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        object.url = storage_url,
                        "An object cannot be removed."
                    );
                    swept.failed_count += 1;
                }
            }
        }
        swept.removed_count += gone.len();
        let mut conn = pool.acquire().await.map_err(DbError::from)?;
        artifacts::forget(&mut conn, &gone).await?;
        if !done(swept) {
            break;
        }
    }
    Ok(swept)
}
