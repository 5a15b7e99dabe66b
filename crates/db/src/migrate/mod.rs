//! The migrations, embedded: run them, list what is pending, print them as one file.
//!
//! [`ledger`] compares what a database has with what this program knows, [`apply`](apply()) closes the gap and tells of
//! every step.

mod apply;
pub(crate) mod ledger;
mod sql;

pub use apply::{Broken, Note, Place, apply};
pub use ledger::{Edited, Known, Ledger, Unknown, ledger};
pub use sql::{as_sql, pending_sql};

use crate::{DbError, Pool, Result};
use sqlx::migrate::{MigrateError, Migrator};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Brings the database to this program's shape. Safe to call from several processes at once.
pub async fn run(pool: &Pool) -> Result<()> {
    MIGRATIONS.run(pool).await.map_err(into_db_error)
}

/// What [`run`] would apply.
pub async fn pending(pool: &Pool) -> Result<Vec<Known>> {
    let mut conn = pool.acquire().await?;
    ledger::pending(&mut conn).await
}

/// Names the set of migrations by content: the same text, the same name.
pub fn fingerprint() -> String {
    let mut mixed = [0_u8; 8];
    for migration in MIGRATIONS.iter() {
        for (at, byte) in migration.checksum.iter().enumerate() {
            // Rotating first makes the order of the migrations count.
            mixed[at % 8] = mixed[at % 8].rotate_left(3) ^ byte;
        }
    }
    domain::hex(&mixed)
}

fn into_db_error(error: MigrateError) -> DbError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => DbError::Broken(sqlx::Error::Migrate(Box::new(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDb;

    #[tokio::test]
    async fn an_empty_database_waits_for_every_migration_and_then_for_none() {
        let db = TestDb::empty().await;
        assert_eq!(pending(db.pool()).await.unwrap().len(), MIGRATIONS.iter().count());
        run(db.pool()).await.unwrap();
        assert_eq!(pending(db.pool()).await.unwrap(), []);
        run(db.pool()).await.unwrap();
    }

    #[tokio::test]
    async fn the_printed_set_up_is_a_database_this_program_goes_on_with() {
        let db = TestDb::empty().await;
        db.execute(&as_sql()).await;
        assert_eq!(pending(db.pool()).await.unwrap(), []);
        run(db.pool()).await.unwrap();
    }

    #[tokio::test]
    async fn what_is_pending_can_be_applied_from_a_file() {
        let db = TestDb::empty().await;
        let half = MIGRATIONS.iter().nth(20).unwrap().version;
        MIGRATIONS.run_to(half, db.pool()).await.unwrap();
        let mut conn = db.pool().acquire().await.unwrap();
        let file = pending_sql(&ledger(&mut conn).await.unwrap());
        assert!(
            !file.contains("create_roles_and_schema"),
            "what is there is not made again"
        );
        db.execute(&file).await;
        assert!(ledger(&mut conn).await.unwrap().is_current());
        run(db.pool()).await.unwrap();
    }
}
