//! Why migrating stopped, in words.

use super::{Check, shape};
use db::migrate::Broken;

/// Judges it.
pub fn broken(error: &Broken) -> Check {
    match error {
        Broken::Ledger(ledger) => {
            let in_the_way = shape(ledger).into_iter().find(|check| check.name != "migrations");
            in_the_way.unwrap_or_else(|| {
                Check::broken(
                    "migration",
                    format!("{error}."),
                    "Look at the page SQL of /setup, or at `runboard doctor`.",
                )
            })
        }
        Broken::Migration {
            version,
            message,
            more,
            sqlstate,
            place,
        } => {
            let place = place
                .as_ref()
                .map(|place| format!(" in line {}: {}", place.line, place.text))
                .unwrap_or_default();
            let more: Vec<String> = more.iter().map(|line| format!("\n{line}")).collect();
            let says = format!(
                "Migration {version} was refused{place}\n{message} (SQLSTATE {sqlstate}){}",
                more.join("")
            );
            Check::broken("migration", says, todo(sqlstate))
                .copy(format!("runboard doctor\n# SQLSTATE {sqlstate}: {message}"))
        }
        Broken::Connection { message } => Check::broken(
            "migration",
            format!("The migrations could not go on: {message}."),
            "What was applied stays. When the database answers again, start once more.",
        )
        .copy("runboard migrate"),
    }
}

/// What was refused is undone as a whole in each case.
fn todo(sqlstate: &str) -> &'static str {
    match sqlstate {
        "42501" => {
            "A right is missing: give it as the step Rights says, then start again. Nothing of this migration stayed."
        }
        "42P07" | "42710" | "42723" | "42P06" => {
            "Something of that name is there already. Use an empty database, or move it away; then start again. Nothing of this migration stayed."
        }
        "55P03" | "40P01" | "57014" => {
            "Somebody holds a lock on what is to be changed. Stop what works with the database, then start again. Nothing of this migration stayed."
        }
        "53100" => "The disk of the database is full. Make room, then start again. Nothing of this migration stayed.",
        _ => "Nothing of this migration stayed, those before it did. When the cause is gone, start again.",
    }
}
