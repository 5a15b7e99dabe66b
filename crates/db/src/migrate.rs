//! The migrations, embedded: run them, list what is pending, print them as one file.

use crate::{DbError, Pool, Result, statements::statements};
use sqlx::migrate::{MigrateError, Migrator};
use std::fmt::Write as _;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// One migration of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// `YYYYMMDDHHMMSS`.
    pub version: i64,
    /// What it does, from its file name.
    pub description: String,
}

/// Brings the database to this program's shape. Safe to call from several processes at once.
pub async fn run(pool: &Pool) -> Result<()> {
    MIGRATIONS.run(pool).await.map_err(into_db_error)
}

/// What [`run`] would apply.
pub async fn pending(pool: &Pool) -> Result<Vec<Pending>> {
    let ledger: Option<String> = sqlx::query_scalar(LEDGER).fetch_one(pool).await?;
    let applied: Vec<i64> = match ledger {
        Some(_) => sqlx::query_scalar(APPLIED).fetch_all(pool).await?,
        None => Vec::new(),
    };
    Ok(MIGRATIONS
        .iter()
        .filter(|migration| !applied.contains(&migration.version))
        .map(|migration| Pending {
            version: migration.version,
            description: migration.description.to_string(),
        })
        .collect())
}

statements! {
    LEDGER = "select to_regclass('_sqlx_migrations')::text";
    APPLIED = "select version from _sqlx_migrations where success order by version";
}

/// The whole set-up as one file for `psql --single-transaction`. It keeps the same ledger as [`run`],
/// so a database made from it is migrated further by the program.
pub fn as_sql() -> String {
    let mut text = String::from(
        "-- Runboard: the whole database set-up. Apply once, to an empty database.\n\
         create table if not exists _sqlx_migrations (\n  \
           version bigint primary key,\n  \
           description text not null,\n  \
           installed_on timestamptz not null default now(),\n  \
           success boolean not null,\n  \
           checksum bytea not null,\n  \
           execution_time bigint not null\n);\n",
    );
    for migration in MIGRATIONS.iter() {
        let (version, description) = (migration.version, &migration.description);
        let checksum = domain::hex(&migration.checksum);
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n-- {version} {description}\n{}\n\
             insert into _sqlx_migrations (version, description, success, checksum, execution_time)\n\
             values ({version}, '{}', true, '\\x{checksum}', 0);\n",
            migration.sql.as_str().trim_end(),
            description.replace('\'', "''"),
        );
    }
    text
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
}
