//! Checks of the database: version, rights, migrations, clock, hints, pooler, health.

use super::{Check, because};
use crate::{cli::session::database_url, config::Config};
use db::{
    Pool,
    listener::{Listener, ListenerConfig, Signal},
    pool::{PoolConfig, Session},
    queue::{Write, write_runs},
};
use runs::health::{Verdict, judge};
use std::time::Duration;
use tokio::time::{Instant, timeout};

const OLDEST_POSTGRES: i32 = 150_000;
/// A browser shows times of the server beside times of the database.
const SKEW_MS: i64 = 2_000;
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let url = match database_url(config) {
        Ok(url) => url,
        Err(error) => {
            let todo = "Set DATABASE_URL, or start `runboard serve --embedded`.";
            return vec![Check::broken("database", format!("{error:#}."), todo)];
        }
    };
    let pool_config = PoolConfig {
        max_connections: 2,
        ..PoolConfig::new(&url, Session::Server)
    };
    let pool = match pool_config.connect().await {
        Ok(pool) => pool,
        Err(error) => {
            let todo = "Check host, port, password and TLS of DATABASE_URL, and that the login is a member of service_role \
                (on a new database run `runboard migrate` first).";
            return vec![Check::broken("database", because(&error), todo)];
        }
    };
    let mut checks = vec![migrations(&pool).await];
    checks.extend(health(&pool).await);
    checks.push(listener(&pool, &url).await);
    checks.extend(pooler(&url));
    checks
}

async fn migrations(pool: &Pool) -> Check {
    match db::migrate::pending(pool).await {
        Ok(pending) if pending.is_empty() => Check::ok("migrations", "The database has the shape this version needs."),
        Ok(pending) => {
            let says = format!("{} migrations are to be applied.", pending.len());
            Check::broken(
                "migrations",
                says,
                "Run `runboard migrate` with a login that owns the schema.",
            )
        }
        Err(error) => Check::broken("migrations", because(&error), "Run `runboard migrate`."),
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
    let major = numbers.version / 10_000;
    let mut checks = vec![if numbers.version >= OLDEST_POSTGRES {
        Check::ok("postgres", format!("Postgres {major} answers."))
    } else {
        Check::broken(
            "postgres",
            format!("Postgres {major} is too old."),
            "Upgrade to Postgres 15 or newer.",
        )
    }];
    checks.push(if skew.abs() <= SKEW_MS {
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
    });
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

/// Sends a hint to itself: a pooler between would swallow it.
async fn listener(pool: &Pool, url: &str) -> Check {
    const NAME: &str = "listener";
    let todo = "LISTEN needs a direct connection: name the address of Postgres itself, not of a transaction pooler. \
        Without hints everything works, but looks every few seconds.";
    let mut listener = match Listener::start(ListenerConfig::new(url)) {
        Ok(listener) => listener,
        Err(error) => return Check::warning(NAME, because(&error), todo),
    };
    let round_trip = async {
        while !matches!(listener.next().await, Some(Signal::Resync)) {}
        let begun = Instant::now();
        let mut conn = pool.acquire().await.map_err(db::DbError::from)?;
        let hint = Write::Hint {
            runs: vec!["doctor".to_owned()],
            logs: Vec::new(),
        };
        write_runs(&mut conn, &[hint]).await?;
        while !matches!(listener.next().await, Some(Signal::Hint(_))) {}
        Ok::<_, db::DbError>(begun.elapsed())
    };
    match timeout(PATIENCE, round_trip).await {
        Ok(Ok(span)) => Check::ok(NAME, format!("A hint comes back after {} ms.", span.as_millis())),
        Ok(Err(error)) => Check::warning(NAME, because(&error), todo),
        Err(_) => Check::warning(NAME, "No hint came back within 5 s.", todo),
    }
}

/// Ports and names that poolers usually have.
fn pooler(url: &str) -> Option<Check> {
    let url = url::Url::parse(url).ok()?;
    let looks_like_one = url.port() == Some(6543) || url.host_str().is_some_and(|host| host.contains("pooler"));
    looks_like_one.then(|| {
        Check::warning(
            "pooler",
            "DATABASE_URL looks like a transaction pooler.",
            "Use the direct or session address: hints, and the identity of callers, need a session.",
        )
    })
}
