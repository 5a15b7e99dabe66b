//! What the numbers of the database mean, and what to do about them.

use db::health::{Health, TableHealth};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It cannot be seen with these rights.
    Unknown,
    /// Not bad yet.
    Watch,
    /// Do something.
    Act,
}

/// One number, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable name.
    pub name: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it means, for a person.
    pub says: String,
    /// What to do, when something is to be done.
    pub todo: Option<String>,
}

const MIB: f64 = 1024.0 * 1024.0;

/// Judges everything.
pub fn judge(health: &Health) -> Vec<Finding> {
    let mut findings = vec![
        oldest(health),
        horizon(health),
        at_most(
            "notify_queue",
            health.notify_usage * 100.0,
            "percent",
            (10.0, 50.0),
            "of the notification queue is used",
            "A listener is stuck in a transaction: find the oldest transaction and end it with pg_terminate_backend(pid).",
        ),
        at_most(
            "lock_waits",
            health.lock_waits as f64,
            "count",
            (5.0, 50.0),
            "sessions wait for a lock",
            "Look at pg_stat_activity for wait_event_type = 'Lock' and pg_blocking_pids(pid); end the session in front.",
        ),
        connections(health),
        default_rows(health),
    ];
    findings.extend(health.slots.iter().map(|slot| {
        let behind = slot.behind_bytes.unwrap_or_default() as f64 / MIB;
        let says = format!("kept for the replication slot {}", slot.name);
        at_most(
            "replication_slot",
            behind,
            "MiB",
            (512.0, 4096.0),
            &says,
            &format!(
                "Let its reader catch up, or drop it: select pg_drop_replication_slot('{}').",
                slot.name
            ),
        )
    }));
    findings.extend(health.hot.iter().map(dead_rows));
    findings.push(Finding {
        name: "database_size",
        verdict: Verdict::Ok,
        value: health.database_bytes as f64 / MIB,
        unit: "MiB",
        says: format!("The database has {:.0} MiB.", health.database_bytes as f64 / MIB),
        todo: None,
    });
    findings
}

/// The worst of all.
pub fn overall(findings: &[Finding]) -> Verdict {
    findings
        .iter()
        .map(|finding| finding.verdict)
        .max()
        .unwrap_or(Verdict::Ok)
}

fn at_most(
    name: &'static str,
    value: f64,
    unit: &'static str,
    (watch, act): (f64, f64),
    what: &str,
    todo: &str,
) -> Finding {
    let verdict = match value {
        value if value >= act => Verdict::Act,
        value if value >= watch => Verdict::Watch,
        _ => Verdict::Ok,
    };
    let amount = if unit == "count" {
        format!("{value:.0}")
    } else {
        format!("{value:.1} {unit}")
    };
    Finding {
        name,
        verdict,
        value,
        unit,
        says: format!("{amount} {what}."),
        todo: (verdict > Verdict::Unknown).then(|| todo.to_owned()),
    }
}

fn oldest(health: &Health) -> Finding {
    let Some(session) = &health.oldest else {
        return if health.sees_all {
            at_most(
                "oldest_transaction",
                0.0,
                "seconds",
                (60.0, 600.0),
                "is the longest open transaction",
                "",
            )
        } else {
            hidden("oldest_transaction", "seconds")
        };
    };
    let who = session
        .application_name
        .as_deref()
        .filter(|name| !name.is_empty())
        .unwrap_or("a session without a name");
    let what = format!(
        "is the transaction of {who} (pid {}, {}) open: {}",
        session.pid,
        session.state.as_deref().unwrap_or("state unknown"),
        session.query.as_deref().unwrap_or("its statement is hidden"),
    );
    let todo = format!(
        "It keeps vacuum from cleaning the queue. If nobody needs it: select pg_terminate_backend({}).",
        session.pid
    );
    at_most(
        "oldest_transaction",
        session.age_seconds,
        "seconds",
        (60.0, 600.0),
        &what,
        &todo,
    )
}

fn horizon(health: &Health) -> Finding {
    match health.xmin_age {
        None if !health.sees_all => hidden("xmin_horizon", "transactions"),
        age => at_most(
            "xmin_horizon",
            age.unwrap_or_default() as f64,
            "transactions",
            (1e6, 1e7),
            "lie behind the oldest snapshot in use",
            "Find the oldest transaction, prepared transaction or replication slot and end it.",
        ),
    }
}

fn hidden(name: &'static str, unit: &'static str) -> Finding {
    Finding {
        name,
        verdict: Verdict::Unknown,
        value: 0.0,
        unit,
        says: "Other sessions are hidden from this login.".to_owned(),
        todo: Some("Grant pg_monitor (or pg_read_all_stats) to the login of DATABASE_URL to see them.".to_owned()),
    }
}

fn connections(health: &Health) -> Finding {
    let part = 100.0 * health.connections as f64 / health.max_connections.max(1) as f64;
    let what = format!(
        "of {} connections are used ({})",
        health.max_connections, health.connections
    );
    at_most(
        "connections",
        part,
        "percent",
        (70.0, 90.0),
        &what,
        "Give servers and workers smaller pools, put a pooler in front, or raise max_connections.",
    )
}

fn default_rows(health: &Health) -> Finding {
    at_most(
        "default_partitions",
        health.default_rows as f64,
        "count",
        (1.0, 100_000.0),
        "rows lie in default partitions",
        "Partitions were not made in time; they are made by maintenance runs, so see that lane D has a worker.",
    )
}

fn dead_rows(table: &TableHealth) -> Finding {
    let limit = (2.0 * table.live_rows as f64).max(50_000.0);
    let vacuumed = table.vacuumed_at.map_or_else(
        || "never vacuumed".to_owned(),
        |at| format!("vacuumed {}", at.to_rfc3339()),
    );
    let what = format!("dead rows in {} ({} live, {vacuumed})", table.name, table.live_rows);
    at_most(
        "dead_rows",
        table.dead_rows as f64,
        "count",
        (limit, 10.0 * limit),
        &what,
        &format!(
            "Something holds vacuum back: look at the oldest transaction first, then run: vacuum {}.",
            table.name
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::health::OldSession;
    use std::collections::BTreeMap;

    fn healthy() -> Health {
        Health {
            sees_all: true,
            version: 170_000,
            clock: chrono::DateTime::from_timestamp(0, 0).unwrap(),
            oldest: None,
            xmin_age: None,
            notify_usage: 0.0,
            lock_waits: 0,
            connections: 10,
            max_connections: 97,
            slots: Vec::new(),
            partitions: BTreeMap::new(),
            default_rows: 0,
            database_bytes: 1,
            tables: Vec::new(),
            hot: Vec::new(),
        }
    }

    #[test]
    fn a_quiet_database_is_in_order() {
        assert_eq!(overall(&judge(&healthy())), Verdict::Ok);
    }

    #[test]
    fn a_forgotten_transaction_is_named_with_what_to_do() {
        let oldest = OldSession {
            pid: 42,
            application_name: Some("psql".to_owned()),
            state: Some("idle in transaction".to_owned()),
            query: Some("select 1".to_owned()),
            age_seconds: 700.0,
        };
        let found = judge(&Health {
            oldest: Some(oldest),
            ..healthy()
        });
        assert_eq!(found[0].verdict, Verdict::Act);
        assert!(found[0].says.contains("psql") && found[0].todo.as_ref().unwrap().contains("pg_terminate_backend(42)"));
    }

    #[test]
    fn what_cannot_be_seen_is_said_not_guessed() {
        let found = judge(&Health {
            sees_all: false,
            ..healthy()
        });
        assert_eq!(found[0].verdict, Verdict::Unknown);
        assert!(found[0].todo.as_ref().unwrap().contains("pg_monitor"));
    }
}
