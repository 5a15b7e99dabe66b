//! What a database has of the migrations, beside what this program knows.

use super::MIGRATIONS;
use crate::{PgConnection, Result, statements::statements};

/// One migration of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// `YYYYMMDDHHMMSS`.
    pub version: i64,
    /// What it does, from its file name.
    pub description: String,
    /// Its text.
    pub sql: &'static str,
}

/// A migration that was applied from another text than this program has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Which.
    pub version: i64,
    /// What it does.
    pub description: String,
    /// Checksum of the text that was applied, in hex.
    pub applied: String,
    /// Checksum of the text of this program, in hex.
    pub known: String,
}

/// A migration that was applied and that this program does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Which.
    pub version: i64,
    /// What it does.
    pub description: String,
}

/// The comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Migrations of this program that were applied.
    pub applied: usize,
    /// The newest migration that was applied, whoever knows it.
    pub newest: Option<i64>,
    /// What is to be applied, in order.
    pub pending: Vec<Known>,
    /// Applied from another text.
    pub edited: Vec<Edited>,
    /// Applied by a newer program.
    pub unknown: Vec<Unknown>,
    /// Begun and not ended.
    pub unfinished: Option<i64>,
}

impl Ledger {
    /// Nothing was ever applied.
    pub fn is_empty(&self) -> bool {
        self.newest.is_none()
    }

    /// This program can work with the database as it is.
    pub fn is_current(&self) -> bool {
        self.pending.is_empty()
    }

    /// What is pending can be applied by this program.
    pub fn is_sound(&self) -> bool {
        self.edited.is_empty() && self.unknown.is_empty() && self.unfinished.is_none()
    }

    /// The newest migration of this program.
    pub fn newest_known() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
    }
}

/// Compares.
pub async fn ledger(conn: &mut PgConnection) -> Result<Ledger> {
    let rows: Vec<(i64, String, bool, Vec<u8>)> = if exists(conn).await? {
        sqlx::query_as(APPLIED).fetch_all(conn).await?
    } else {
        Vec::new()
    };
    let mut ledger = Ledger {
        newest: rows.last().map(|(version, ..)| *version),
        ..Ledger::default()
    };
    for migration in MIGRATIONS.iter() {
        match rows.iter().find(|(version, ..)| *version == migration.version) {
            Some((.., checksum)) if checksum[..] != migration.checksum[..] => ledger.edited.push(Edited {
                version: migration.version,
                description: migration.description.to_string(),
                applied: domain::hex(checksum),
                known: domain::hex(&migration.checksum),
            }),
            Some(_) => {}
            None => ledger.pending.push(known(migration)),
        }
    }
    ledger.applied = MIGRATIONS.iter().count() - ledger.pending.len();
    ledger.unfinished = rows
        .iter()
        .find(|(_, _, success, _)| !success)
        .map(|(version, ..)| *version);
    ledger.unknown = rows
        .into_iter()
        .filter(|(version, ..)| !MIGRATIONS.version_exists(*version))
        .map(|(version, description, ..)| Unknown { version, description })
        .collect();
    Ok(ledger)
}

/// Only what is missing: the server's own role may read no more.
pub(super) async fn pending(conn: &mut PgConnection) -> Result<Vec<Known>> {
    let applied: Vec<i64> = if exists(conn).await? {
        sqlx::query_scalar(VERSIONS).fetch_all(conn).await?
    } else {
        Vec::new()
    };
    let is_pending = |migration: &&sqlx::migrate::Migration| !applied.contains(&migration.version);
    Ok(MIGRATIONS.iter().filter(is_pending).map(known).collect())
}

async fn exists(conn: &mut PgConnection) -> Result<bool> {
    let table: Option<String> = sqlx::query_scalar(LEDGER).fetch_one(conn).await?;
    Ok(table.is_some())
}

fn known(migration: &'static sqlx::migrate::Migration) -> Known {
    Known {
        version: migration.version,
        description: migration.description.to_string(),
        sql: migration.sql.as_str(),
    }
}

statements! {
    LEDGER = "select to_regclass('_sqlx_migrations')::text";
    VERSIONS = "select version from _sqlx_migrations where success order by version";
    APPLIED = "select version, description, success, checksum from _sqlx_migrations order by version";
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDb;

    #[tokio::test]
    async fn a_ledger_tells_behind_edited_newer_and_unfinished_apart() {
        let db = TestDb::new().await;
        let mut conn = db.pool().acquire().await.unwrap();
        let whole = ledger(&mut conn).await.unwrap();
        assert!(whole.is_current() && whole.is_sound());
        db.execute(
            "update _sqlx_migrations set checksum = '\\x00' where version = 20260101000200;
             delete from _sqlx_migrations where version = 20260101000300;
             insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (29990101000000, 'to come', false, '\\x01', 0)",
        )
        .await;
        let ledger = ledger(&mut conn).await.unwrap();
        assert_eq!(ledger.edited[0].version, 20_260_101_000_200);
        assert_eq!(ledger.edited[0].applied, "00");
        assert_eq!(ledger.pending[0].version, 20_260_101_000_300);
        assert_eq!(ledger.unknown[0].description, "to come");
        assert_eq!(ledger.unfinished, Some(29_990_101_000_000));
        assert!(!ledger.is_current() && !ledger.is_sound() && !ledger.is_empty());
    }
}
