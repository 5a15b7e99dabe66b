//! Applying what is pending, with a word about every step.

use super::{Ledger, MIGRATIONS, ledger};
use crate::PgConnection;
use sqlx::{
    migrate::{Migrate, MigrateError, Migration},
    postgres::{PgDatabaseError, PgErrorPosition},
};
use std::time::Duration;

/// What is told on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Another process may be migrating the same database; only one does at a time.
    Waiting,
    /// The way is free and so much is to be applied: another process may have done the rest.
    Begun {
        /// How many.
        pending: usize,
    },
    /// One is being applied.
    Applying {
        /// Which.
        version: i64,
        /// What it does.
        description: String,
    },
    /// It was applied.
    Applied {
        /// Which.
        version: i64,
        /// How long it took.
        took: Duration,
    },
}

/// Where in a migration Postgres found the error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

/// Why not everything was applied. What was applied before stays; of the one that broke nothing does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The ledger and this program do not fit together; see [`Ledger`].
    #[error("the ledger of migrations does not fit this program")]
    Ledger(Box<Ledger>),
    /// A statement of a migration was refused.
    #[error("migration {version} was refused: {message}")]
    Migration {
        /// Which.
        version: i64,
        /// What Postgres said.
        message: String,
        /// What it adds: detail, hint, and where inside a function.
        more: Vec<String>,
        /// Its code.
        sqlstate: String,
        /// Where, when it said so.
        place: Option<Place>,
    },
    /// The connection was lost, or the bookkeeping was refused.
    #[error("the migrations could not go on: {message}")]
    Connection {
        /// What was said.
        message: String,
    },
}

/// Applies what is pending; `tell` hears of every step. Processes that call it at once take turns, and the later ones
/// find nothing left. Answers how many this call applied.
pub async fn apply(conn: &mut PgConnection, tell: &mut (dyn FnMut(Note) + Send)) -> Result<usize, Broken> {
    tell(Note::Waiting);
    conn.lock().await.map_err(lost)?;
    let outcome = apply_locked(conn, tell).await;
    // Ending the connection gives the lock back as well.
    let _ = conn.unlock().await;
    outcome
}

async fn apply_locked(conn: &mut PgConnection, tell: &mut (dyn FnMut(Note) + Send)) -> Result<usize, Broken> {
    let table = MIGRATIONS.table_name.as_ref();
    conn.ensure_migrations_table(table).await.map_err(lost)?;
    let ledger = ledger(conn)
        .await
        .map_err(|error| Broken::Connection { message: said(&error) })?;
    let pending = ledger.pending.len();
    if pending > 0 && !ledger.is_sound() {
        return Err(Broken::Ledger(Box::new(ledger)));
    }
    tell(Note::Begun { pending });
    let is_pending = |migration: &&Migration| ledger.pending.iter().any(|known| known.version == migration.version);
    for migration in MIGRATIONS.iter().filter(is_pending) {
        let version = migration.version;
        tell(Note::Applying {
            version,
            description: migration.description.to_string(),
        });
        let took = conn
            .apply(table, migration)
            .await
            .map_err(|error| refused(error, migration))?;
        tell(Note::Applied { version, took });
    }
    Ok(pending)
}

fn refused(error: MigrateError, migration: &Migration) -> Broken {
    let MigrateError::ExecuteMigration(sqlx::Error::Database(refusal), version) = &error else {
        return lost(error);
    };
    let Some(refusal) = refusal.try_downcast_ref::<PgDatabaseError>() else {
        return lost(error);
    };
    let place = match refusal.position() {
        Some(PgErrorPosition::Original(at)) => place(migration.sql.as_str(), at),
        _ => None,
    };
    let more = [refusal.detail(), refusal.hint(), refusal.r#where()];
    Broken::Migration {
        version: *version,
        message: refusal.message().to_owned(),
        more: more.into_iter().flatten().map(str::to_owned).collect(),
        sqlstate: refusal.code().to_owned(),
        place,
    }
}

/// Postgres counts characters from 1.
fn place(sql: &str, at: usize) -> Option<Place> {
    let before: String = sql.chars().take(at.checked_sub(1)?).collect();
    let line = before.matches('\n').count();
    Some(Place {
        line: line + 1,
        text: sql.lines().nth(line)?.trim().to_owned(),
    })
}

fn lost(error: MigrateError) -> Broken {
    Broken::Connection {
        message: match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => said(&error),
            other => said(&other),
        },
    }
}

fn said(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDb;

    #[tokio::test]
    async fn two_processes_that_migrate_at_once_apply_every_migration_once() {
        let db = TestDb::empty().await;
        let go = async || {
            let mut conn = crate::setup::connect(db.url()).await.unwrap();
            let mut notes = Vec::new();
            let applied = apply(&mut conn, &mut |note| notes.push(note)).await.unwrap();
            let told = notes.iter().filter(|note| matches!(note, Note::Applied { .. })).count();
            assert_eq!(told, applied);
            applied
        };
        let (one, other) = tokio::join!(go(), go());
        assert_eq!(one + other, MIGRATIONS.iter().count());
        assert!(one == 0 || other == 0, "{one} and {other}");
    }

    #[tokio::test]
    async fn a_migration_that_is_refused_names_its_place_and_leaves_nothing() {
        let db = TestDb::empty().await;
        db.execute("create table public.lanes (in_the_way int)").await;
        let mut conn = crate::setup::connect(db.url()).await.unwrap();
        let broken = apply(&mut conn, &mut |_| {}).await.unwrap_err();
        let Broken::Migration {
            version,
            message,
            sqlstate,
            ..
        } = broken
        else {
            panic!("{broken}");
        };
        assert_eq!((version, sqlstate.as_str()), (20_260_101_000_100, "42P07"));
        assert!(message.contains("lanes"), "{message}");
        assert_eq!(
            db.value("select max(version) from _sqlx_migrations").await,
            "20260101000010"
        );
    }

    #[test]
    fn a_place_is_a_line_as_an_editor_counts() {
        let found = place("one\n  two ü\nthree", 8).unwrap();
        assert_eq!((found.line, found.text.as_str()), (2, "two ü"));
        assert_eq!(place("one", 0), None);
    }
}
