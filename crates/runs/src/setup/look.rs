//! One look at a database: whether it can be entered, what may be done there, what shape it has.

use super::{Check, entrance, rights, shape};
use db::{
    PgConnection,
    migrate::Ledger,
    pool::{PoolConfig, Session},
    setup::{Address, Failure, connect, hearing},
};
use std::time::Duration;

/// What was seen.
#[derive(Debug, Clone)]
pub struct Look {
    /// The address, without its password; `None` when it is none.
    pub address: Option<Address>,
    /// Why it could not be entered.
    pub failure: Option<Failure>,
    /// How entering it went.
    pub entrance: Check,
    /// What the login may do; empty when it could not be entered.
    pub rights: Vec<Check>,
    /// What the database has of the migrations.
    pub ledger: Option<Ledger>,
    /// What that means.
    pub shape: Vec<Check>,
}

impl Look {
    /// Whether nothing keeps the migrations from being applied.
    pub fn may_migrate(&self) -> bool {
        let is_sound = self.ledger.as_ref().is_some_and(Ledger::is_sound);
        self.failure.is_none() && is_sound && !self.rights.iter().any(Check::is_broken)
    }
}

/// Looks.
pub async fn look(url: &str) -> Look {
    let address = Address::read(url);
    let mut conn = match connect(url).await {
        Ok(conn) => conn,
        Err(failure) => return Look::refused(address, failure),
    };
    let address = address.unwrap_or_else(|| Address {
        host: String::new(),
        port: 0,
        database: String::new(),
        user: String::new(),
        tls: "prefer",
        has_password: false,
    });
    match see(&mut conn, &address).await {
        Ok((rights, ledger)) => Look {
            entrance: Check::ok(
                "database",
                format!(
                    "{} is in {} at {}, port {}.",
                    address.user, address.database, address.host, address.port
                ),
            ),
            shape: shape(&ledger),
            address: Some(address),
            failure: None,
            rights,
            ledger: Some(ledger),
        },
        Err(error) => {
            let failure = Failure {
                trouble: db::setup::Trouble::Other,
                said: error.to_string(),
            };
            Look::refused(Some(address), failure)
        }
    }
}

impl Look {
    fn refused(address: Option<Address>, failure: Failure) -> Self {
        Self {
            entrance: entrance(&failure, address.as_ref()),
            address,
            failure: Some(failure),
            rights: Vec::new(),
            ledger: None,
            shape: Vec::new(),
        }
    }
}

async fn see(conn: &mut PgConnection, address: &Address) -> db::Result<(Vec<Check>, Ledger)> {
    let found = db::setup::rights::read(conn).await?;
    let (ledger, is_hidden) = match db::migrate::ledger(conn).await {
        // Who may not read the ledger sees nobody's migrations, and needs to be told whose they are.
        Err(db::DbError::Refused { .. }) => (Ledger::default(), true),
        ledger => (ledger?, false),
    };
    let mut rights = rights(&found, address, ledger.is_empty() && !is_hidden);
    if is_hidden {
        rights.push(Check::broken(
            "ledger",
            format!("{} may not read the ledger of migrations.", found.login),
            "Use the login that migrated this database, or let this one act for it.",
        ));
    }
    Ok((rights, ledger))
}

/// Whether notifications come back.
pub async fn listening(url: &str) -> Check {
    const NAME: &str = "listener";
    let todo = "LISTEN needs a direct connection: name the address of Postgres itself, not of a transaction pooler, and let \
        pg_hba.conf admit it. Without hints everything works, but looks every few seconds.";
    let heard = match connect(url).await {
        Ok(mut conn) => hearing::test(&mut conn, url).await,
        Err(failure) => hearing::Hearing::Refused(failure.to_string()),
    };
    match heard {
        hearing::Hearing::Heard(span) => Check::ok(NAME, format!("A hint comes back after {} ms.", span.as_millis())),
        hearing::Hearing::Deaf => Check::warning(NAME, "No hint came back within 5 s.", todo),
        hearing::Hearing::Refused(why) => Check::warning(NAME, format!("Nobody can listen: {why}."), todo),
    }
}

/// Whether the server can serve from `url` as it is: it may act as its own role, and nothing is pending.
pub async fn ready(url: &str) -> bool {
    let config = PoolConfig {
        max_connections: 1,
        acquire_timeout: Duration::from_secs(6),
        ..PoolConfig::new(url, Session::Server)
    };
    let Ok(pool) = config.connect().await else {
        return false;
    };
    let is_ready = matches!(db::migrate::pending(&pool).await, Ok(pending) if pending.is_empty());
    pool.close().await;
    is_ready
}
