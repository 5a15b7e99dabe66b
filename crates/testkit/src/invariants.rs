//! What must hold at every moment, whatever happens: asked in one statement, so of one snapshot.

use db::Pool;

/// What is wrong with the control plane now; empty when all is well.
///
/// # Panics
/// When the database refuses.
pub async fn broken(pool: &Pool) -> String {
    sqlx::query_scalar(BROKEN)
        .fetch_one(pool)
        .await
        .expect("the state can be read")
}

/// Answers with one text: everything that is wrong, empty when all is well. Reads the whole ledger.
pub const BROKEN: &str = include_str!("invariants.sql");

/// The same of the runs that are open, out of the small tables only: for a look many times a second.
pub const BROKEN_NOW: &str = include_str!("invariants_now.sql");
