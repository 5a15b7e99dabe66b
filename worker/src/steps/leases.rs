//! Which leases are gone: what was left under them belongs to nobody.

use crate::held::Held;
use db::{
    DbError, Pool,
    pool::{self, LONGEST_ANSWER},
    queue,
};
use std::sync::Arc;

/// The leases of the whole fleet, as far as they can be asked about.
#[derive(Debug)]
pub struct Leases {
    pub(crate) pool: Pool,
    pub(crate) held: Arc<Held>,
}

impl Leases {
    /// Whether nobody holds the run under this lease any more. A database that does not answer gives no
    /// right to clear anything.
    pub async fn is_gone(&self, run_id: &str, lease_seq: i64) -> bool {
        if self.held.holds(run_id, lease_seq) {
            return false;
        }
        let asked = pool::ask(&self.pool, LONGEST_ANSWER, async |conn| {
            // Outside a transaction its lock goes as soon as it has answered.
            queue::assert_lease(conn, run_id, lease_seq).await
        });
        match asked.await {
            Ok(()) => false,
            Err(error @ DbError::Refused { .. }) if error.code() == Some("lease_lost") => true,
            Err(error) => {
                tracing::warn!(%error, "A lease could not be asked about.");
                false
            }
        }
    }
}
