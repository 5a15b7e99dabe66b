//! A database that may not be ready yet: whether it can be reached, what the login may do there, whether hints come
//! through. The shape of the database is told by [`crate::migrate`].

pub mod address;
pub mod hearing;
pub mod rights;
pub mod trouble;

pub use address::Address;
pub use trouble::{Failure, Trouble};

use crate::PgConnection;
use sqlx::{Connection, Executor, postgres::PgConnectOptions};
use std::time::Duration;
use tokio::time::timeout;

/// A firewall that drops packets says nothing; nobody should look at a page for longer.
const PATIENCE: Duration = Duration::from_secs(6);
/// As for the pools of owners.
const PRELUDE: &str = "set jit = off; set idle_in_transaction_session_timeout = '60s'";

/// Opens one connection as the login of the address itself.
pub async fn connect(url: &str) -> Result<PgConnection, Failure> {
    let options: PgConnectOptions = url.parse().map_err(|error| Failure::of(&error, url))?;
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("runboard set-up"),
    };
    let opening = async {
        let mut conn = PgConnection::connect_with(&options).await?;
        conn.execute(PRELUDE).await?;
        Ok(conn)
    };
    match timeout(PATIENCE, opening).await {
        Ok(opened) => opened.map_err(|error| Failure::of(&error, url)),
        Err(_) => Err(Failure::of(&sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()), url)),
    }
}
