//! What shape the database has, beside the one this program needs.

use super::Check;
use db::migrate::Ledger;

const NAME: &str = "migrations";

/// Judges the ledger: one check for what is pending, one for each thing that does not fit.
pub fn shape(ledger: &Ledger) -> Vec<Check> {
    let mut checks = vec![pending(ledger)];
    checks.extend(newer(ledger));
    checks.extend(edited(ledger));
    checks.extend(unfinished(ledger));
    checks
}

fn pending(ledger: &Ledger) -> Check {
    let count = ledger.pending.len();
    if count == 0 {
        return Check::ok(NAME, "The database has the shape this version needs.");
    }
    let todo = "Run `runboard migrate` with a login that owns the schema, or use the page /setup of the server.";
    let says = match (ledger.newest, count) {
        (None, _) => format!("The database is empty: all {count} migrations are to be applied."),
        (Some(newest), 1) => format!("The database is of migration {newest}: one migration is to be applied."),
        (Some(newest), _) => {
            format!("The database is of migration {newest}: {count} migrations are to be applied.")
        }
    };
    Check::broken(NAME, says, todo).copy("runboard migrate")
}

fn newer(ledger: &Ledger) -> Option<Check> {
    let newest = ledger.unknown.last()?;
    let says = format!(
        "The database is newer than this program: it has migration {} ({}), and runboard {} knows migrations up to {}.",
        newest.version,
        newest.description,
        env!("CARGO_PKG_VERSION"),
        Ledger::newest_known(),
    );
    let todo = format!(
        "Use a runboard that knows migration {}: the version whose server or `runboard migrate` was here last.",
        newest.version
    );
    // While nothing is missing, an older server beside newer ones works: that is how a fleet is upgraded.
    Some(if ledger.is_current() {
        Check::warning("newer", says, todo)
    } else {
        Check::broken("newer", says, todo)
    })
}

fn edited(ledger: &Ledger) -> Option<Check> {
    let first = ledger.edited.first()?;
    let more = match ledger.edited.len() {
        1 => String::new(),
        count => format!(" The same is true of {} more.", count - 1),
    };
    let says = format!(
        "Migration {} ({}) was applied from another text: the database keeps the checksum {}…, this program has {}…. \
         Somebody edited the file, or the ledger.{more}",
        first.version,
        first.description,
        beginning(&first.applied),
        beginning(&first.known),
    );
    let todo = "Use the build that migrated this database. Only when you have made sure that the database has what the text says, \
        let the ledger agree.";
    let sql: Vec<String> = ledger
        .edited
        .iter()
        .map(|edited| {
            format!(
                "update _sqlx_migrations set checksum = '\\x{}' where version = {};",
                edited.known, edited.version
            )
        })
        .collect();
    let check = if ledger.is_current() {
        Check::warning("edited", says, todo)
    } else {
        Check::broken("edited", says, todo)
    };
    Some(check.copy(sql.join("\n")))
}

fn unfinished(ledger: &Ledger) -> Option<Check> {
    let version = ledger.unfinished?;
    let check = Check::broken(
        "unfinished",
        format!("Migration {version} was begun and not ended."),
        "Bring the database to the state before it, take its line out of the ledger, and migrate again.",
    );
    Some(check.copy(format!(
        "delete from _sqlx_migrations where version = {version} and not success;"
    )))
}

fn beginning(checksum: &str) -> &str {
    checksum.get(..12).unwrap_or(checksum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::State;
    use db::migrate::{Known, Unknown};

    #[test]
    fn a_newer_database_is_a_warning_as_long_as_nothing_is_missing() {
        let mut ledger = Ledger {
            newest: Some(29_990_101_000_000),
            unknown: vec![Unknown {
                version: 29_990_101_000_000,
                description: "to come".to_owned(),
            }],
            ..Ledger::default()
        };
        let newer = |ledger: &Ledger| shape(ledger).into_iter().find(|check| check.name == "newer").unwrap();
        assert_eq!(newer(&ledger).state, State::Warning);
        ledger.pending.push(Known {
            version: 1,
            description: "x".to_owned(),
            sql: "",
        });
        let check = newer(&ledger);
        assert_eq!(check.state, State::Broken);
        assert!(check.says.contains("29990101000000 (to come)"), "{}", check.says);
    }
}
