//! Checks of the database: version, rights, migrations, clock, hints, pooler, health.

use super::because;
use crate::{cli::session::database_url, config::Config};
use db::{
    Pool,
    pool::{PoolConfig, Session},
};
use runs::{
    health::{Verdict, judge},
    setup::{self, Check, Ledger, State},
};

/// A browser shows times of the server beside times of the database.
const SKEW_MS: i64 = 2_000;

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let url = match database_url(config) {
        Ok(url) => url,
        Err(error) => {
            let todo = "Set DATABASE_URL, or start `runboard serve --embedded`.";
            return vec![Check::broken("database", format!("{error:#}."), todo)];
        }
    };
    let look = setup::look(&url).await;
    let is_in = look.failure.is_none();
    let is_current = look.ledger.as_ref().is_some_and(Ledger::is_current);
    let mut checks = vec![look.entrance];
    checks.extend(
        look.rights
            .into_iter()
            .map(|check| if is_current { of_use(check) } else { check }),
    );
    checks.extend(look.shape);
    if is_in {
        checks.push(setup::listening(&url).await);
    }
    if is_current {
        checks.extend(served(&url).await);
    }
    checks
}

/// What only the migrations need is no trouble while none is pending.
fn of_use(check: Check) -> Check {
    match check.name {
        "schemas" | "tables" | "owner" if check.is_broken() => Check {
            state: State::Warning,
            ..check
        },
        _ => check,
    }
}

/// What the server itself meets.
async fn served(url: &str) -> Vec<Check> {
    let config = PoolConfig {
        max_connections: 2,
        ..PoolConfig::new(url, Session::Server)
    };
    match config.connect().await {
        Ok(pool) => health(&pool).await,
        Err(error) => {
            let todo = "The login must be a member of service_role.";
            vec![Check::broken("service_role", because(&error), todo).copy("grant service_role to LOGIN;")]
        }
    }
}

async fn health(pool: &Pool) -> Vec<Check> {
    let begun = db::clock::Clock::system().now();
    let numbers = match db::health::read(pool).await {
        Ok(numbers) => numbers,
        Err(error) => {
            return vec![Check::broken(
                "rights",
                because(&error),
                "Give the login of DATABASE_URL read access to the catalogs.",
            )];
        }
    };
    let skew = (numbers.clock - begun).num_milliseconds();
    let mut checks = vec![if skew.abs() <= SKEW_MS {
        Check::ok(
            "clock",
            format!("This machine and the database differ by {skew} ms at most."),
        )
    } else {
        let says = format!("This machine and the database differ by {skew} ms.");
        Check::warning(
            "clock",
            says,
            "Let both follow a time server (NTP); leases use the database's clock and are safe.",
        )
    }];
    checks.push(if numbers.sees_all {
        Check::ok("rights", "The login sees all sessions of the database.")
    } else {
        Check::warning(
            "rights",
            "The login does not see other sessions.",
            "Grant it pg_monitor, so that health and alerts are complete.",
        )
    });
    let findings = judge(&numbers)
        .into_iter()
        .filter(|finding| finding.verdict > Verdict::Unknown);
    checks.extend(findings.map(|finding| {
        let todo = finding.todo.unwrap_or_default();
        if finding.verdict == Verdict::Act {
            Check::broken(finding.name, finding.says, todo)
        } else {
            Check::warning(finding.name, finding.says, todo)
        }
    }));
    checks
}
