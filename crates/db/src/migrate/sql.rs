//! Migrations as a file for `psql --single-transaction`. It keeps the same ledger as the program, so a database made
//! from it is migrated further by the program.

use super::{Ledger, MIGRATIONS};
use sqlx::migrate::Migration;
use std::fmt::Write as _;

const LEDGER: &str = "create table if not exists _sqlx_migrations (\n  \
     version bigint primary key,\n  \
     description text not null,\n  \
     installed_on timestamptz not null default now(),\n  \
     success boolean not null,\n  \
     checksum bytea not null,\n  \
     execution_time bigint not null\n);\n";

/// The whole set-up, for an empty database.
pub fn as_sql() -> String {
    let mut text = format!("-- Runboard: the whole database set-up. Apply once, to an empty database.\n{LEDGER}");
    for migration in MIGRATIONS.iter() {
        push(&mut text, migration);
    }
    text
}

/// What `ledger` lacks.
pub fn pending_sql(ledger: &Ledger) -> String {
    let mut text = format!(
        "-- Runboard: {} pending migrations. Apply once, with psql --single-transaction -v ON_ERROR_STOP=1 --file.\n{LEDGER}",
        ledger.pending.len()
    );
    let is_pending = |migration: &&Migration| ledger.pending.iter().any(|known| known.version == migration.version);
    for migration in MIGRATIONS.iter().filter(is_pending) {
        push(&mut text, migration);
    }
    text
}

fn push(text: &mut String, migration: &Migration) {
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
