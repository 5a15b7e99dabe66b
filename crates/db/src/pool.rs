//! The pool, and how a caller's identity reaches Postgres.

use crate::{DbError, PgConnection, Pool, Result, Transaction, statements::statements};
use domain::Claims;
use serde_json::json;
use sqlx::{
    Connection, Executor, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{io, time::Duration};
use tokio::time::timeout;

/// A connection that rested longer is asked whether it lives before it is given out.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// Who does not say within this that it lives is given up.
const SAYS_IT_LIVES: Duration = Duration::from_secs(2);
/// Statements of workers and servers end after 30 s: whoever has not answered by then stands still.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(35);

/// As whom the connections of a pool act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// The role of the connection string: migrations, tests.
    Owner,
    /// `service_role`: the server.
    Server,
    /// `runboard_worker`: workers.
    Worker,
}

impl Session {
    /// First statements of a connection. A statement that hangs must not hold a slot for ever, and a
    /// transaction that is held open must not hold back vacuum. Queries here are small: compiling one costs
    /// more than running it.
    fn prelude(self) -> &'static str {
        match self {
            Self::Owner => "set jit = off; set idle_in_transaction_session_timeout = '60s'",
            Self::Server => {
                "set role service_role; set jit = off; set statement_timeout = '30s'; set lock_timeout = '10s'; \
                 set idle_in_transaction_session_timeout = '30s'"
            }
            Self::Worker => {
                "set role runboard_worker; set jit = off; set statement_timeout = '30s'; set lock_timeout = '10s'; \
                 set idle_in_transaction_session_timeout = '30s'"
            }
        }
    }

    fn application_name(self) -> &'static str {
        match self {
            Self::Owner => "runboard owner",
            Self::Server => "runboard server",
            Self::Worker => "runboard worker",
        }
    }
}

/// What a pool is made of.
#[derive(Debug, Clone)]
pub struct PoolConfig {
    /// `postgres://…`.
    pub url: String,
    /// As whom its connections act.
    pub session: Session,
    /// Connections it may hold.
    pub max_connections: u32,
    /// How long a caller waits for one.
    pub acquire_timeout: Duration,
}

impl PoolConfig {
    /// Ten connections, five seconds.
    pub fn new(url: &str, session: Session) -> Self {
        Self {
            url: url.to_owned(),
            session,
            max_connections: 10,
            acquire_timeout: Duration::from_secs(5),
        }
    }

    /// Opens the pool and proves that the database answers.
    pub async fn connect(self) -> Result<Pool> {
        let options = self.connect_options()?;
        Ok(self.pool_options().connect_with(options).await?)
    }

    /// Opens the pool without connecting; the first caller connects.
    pub fn lazy(self) -> Result<Pool> {
        let options = self.connect_options()?;
        Ok(self.pool_options().connect_lazy_with(options))
    }

    fn connect_options(&self) -> Result<PgConnectOptions> {
        let options: PgConnectOptions = self.url.parse()?;
        Ok(match options.get_application_name() {
            Some(_) => options,
            None => options.application_name(self.session.application_name()),
        })
    }

    fn pool_options(&self) -> PgPoolOptions {
        let prelude = self.session.prelude();
        PgPoolOptions::new()
            .max_connections(self.max_connections)
            .acquire_timeout(self.acquire_timeout)
            .idle_timeout(Duration::from_mins(5))
            .max_lifetime(Duration::from_mins(30))
            // One that was used just now is taken for alive: asking it would cost every call a round trip.
            .test_before_acquire(false)
            .before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > TRUSTED_FOR {
                        timeout(SAYS_IT_LIVES, conn.ping())
                            .await
                            .map_err(|_| sqlx::Error::Io(io::ErrorKind::TimedOut.into()))??;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |conn, _| {
                Box::pin(async move {
                    conn.execute(prelude).await?;
                    Ok(())
                })
            })
    }
}

/// Opens a pool of the usual size and proves that the database answers.
pub async fn connect(url: &str, session: Session) -> Result<Pool> {
    PoolConfig::new(url, session).connect().await
}

/// Calls the database on a connection of the pool. One that has not answered after `longest` is given up,
/// and with it a backend that stands still or a network that is cut: what it was asked may still be done,
/// so only calls that may come twice are made this way. The next call gets another connection.
pub async fn ask<T, E>(
    pool: &Pool,
    longest: Duration,
    call: impl AsyncFnOnce(&mut PgConnection) -> std::result::Result<T, E>,
) -> std::result::Result<T, E>
where
    E: From<DbError>,
{
    let mut lent = Lent(Some(pool.acquire().await.map_err(DbError::from)?));
    let conn = lent.0.as_mut().expect("it is taken back only below");
    match timeout(longest, call(conn)).await {
        Ok(answer) => {
            if let Some(mut conn) = lent.0.take() {
                // What the drop of a connection does, but not for ever: there it is asked once more whether it lives.
                tokio::spawn(timeout(SAYS_IT_LIVES, conn.return_to_pool()));
            }
            answer
        }
        Err(_) => Err(DbError::from(sqlx::Error::Io(io::ErrorKind::TimedOut.into())).into()),
    }
}

/// A connection that is waited on. Going back to the pool it would be asked whether it lives, and keep its
/// place there for as long as it says nothing; so one that owes an answer is dropped.
struct Lent(Option<PoolConnection<Postgres>>);

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(conn) = self.0.take() {
            drop(conn.detach());
        }
    }
}

/// Lets the rest of the transaction act as the server itself: for what callers may not write with their
/// own hands (users, tokens, secrets, templates, the audit log), after Rust has checked the right. The
/// claims stay, so the audit log still names the caller.
pub async fn act_as_server(conn: &mut PgConnection) -> Result<()> {
    sqlx::query(BECOME_SERVER).execute(conn).await?;
    Ok(())
}

/// Begins a transaction, to its end even when nobody waits for it any more: a request whose caller hangs up is dropped
/// in the middle, and a connection that heard BEGIN and nothing after it would go back to the pool with its transaction
/// open, for the next one to work in and for nobody to commit.
pub async fn begin(pool: &Pool) -> Result<Transaction> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin().await });
    // It neither panics nor is it aborted, but for the end of the whole program.
    begun
        .await
        .unwrap_or_else(|error| Err(sqlx::Error::Io(io::Error::other(error))))
        .map_err(DbError::from)
}

/// Begins a transaction in which Postgres sees `claims`, as PostgREST would show them: row policies and
/// the checks inside the functions decide by them.
pub async fn begin_as(pool: &Pool, claims: &Claims) -> Result<Transaction> {
    let mut tx = begin(pool).await?;
    sqlx::query(BECOME)
        .bind(jwt_claims(claims).to_string())
        .execute(&mut *tx)
        .await?;
    Ok(tx)
}

/// Begins a transaction in which Postgres sees `claims` while the server's own hands act: for workers that
/// speak HTTP, whose functions no role of people may call.
pub async fn begin_for(pool: &Pool, claims: &Claims) -> Result<Transaction> {
    let mut tx = begin(pool).await?;
    sqlx::query(NAME_CALLER)
        .bind(jwt_claims(claims).to_string())
        .execute(&mut *tx)
        .await?;
    Ok(tx)
}

statements! {
    NAME_CALLER = "select set_config('request.jwt.claims', $1, true)";
    BECOME_SERVER = "select set_config('role', 'service_role', true)";
    BECOME = "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)";
}

fn jwt_claims(claims: &Claims) -> serde_json::Value {
    json!({
        "sub": claims.subject,
        "actor": claims.actor,
        "via": claims.via,
        "role": "authenticated",
        "app_metadata": {"runboard_role": claims.role, "runboard_spreadsheets": claims.spreadsheets},
        "email": claims.actor.contains('@').then_some(&claims.actor),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_callers_identity_ends_with_its_transaction() {
        let db = testkit::TestDb::new().await;
        let pool = PoolConfig {
            max_connections: 1,
            ..PoolConfig::new(db.url(), Session::Server)
        }
        .lazy()
        .unwrap();
        let who =
            "select concat_ws(' ', current_user, nullif(current_setting('request.jwt.claims', true), '') is null)";
        let tx_who = {
            let mut tx = begin_as(&pool, &Claims::command_line()).await.unwrap();
            let as_caller: String = sqlx::query_scalar(who).fetch_one(&mut *tx).await.unwrap();
            act_as_server(&mut tx).await.unwrap();
            let as_server: String = sqlx::query_scalar(who).fetch_one(&mut *tx).await.unwrap();
            (as_caller, as_server)
        };
        assert_eq!(tx_who, ("authenticated f".to_owned(), "service_role f".to_owned()));
        let after: String = sqlx::query_scalar(who).fetch_one(&pool).await.unwrap();
        assert_eq!(after, "service_role t");
    }

    #[tokio::test]
    async fn who_does_not_answer_in_time_is_given_up_and_its_place_is_free() {
        let db = testkit::TestDb::new().await;
        let pool = PoolConfig {
            max_connections: 1,
            ..PoolConfig::new(db.url(), Session::Worker)
        }
        .lazy()
        .unwrap();
        let say = |sql: &'static str, longest: Duration| {
            let pool = pool.clone();
            async move {
                ask(&pool, longest, async |conn| {
                    Ok::<String, DbError>(sqlx::query_scalar(sql).fetch_one(conn).await?)
                })
                .await
            }
        };
        let late = say("select pg_sleep(20)::text", Duration::from_millis(200)).await;
        assert!(late.unwrap_err().is_unavailable());
        assert_eq!(say("select 'here'", Duration::from_secs(10)).await.unwrap(), "here");
    }

    #[test]
    fn postgres_sees_the_role_where_supabase_puts_it() {
        assert_eq!(
            jwt_claims(&Claims::command_line()),
            json!({
                "sub": "cli", "actor": "command line", "via": "cli", "role": "authenticated",
                "app_metadata": {"runboard_role": "admin", "runboard_spreadsheets": null}, "email": null,
            })
        );
    }
}
