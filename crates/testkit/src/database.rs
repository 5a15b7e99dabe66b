//! A migrated database of its own for one test.

use crate::cluster;
use anyhow::{Context, Result};
use chrono::Duration;
use db::{
    Pool,
    pool::{PoolConfig, Session},
};
use rand::RngExt as _;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// A migrated database that lives as long as this value.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    admin_url: String,
    url: String,
    pool: Pool,
}

impl TestDb {
    /// Copies the migrated template database; makes the template first if no test did so before.
    ///
    /// # Panics
    /// When there is no Postgres to be found or it refuses.
    pub async fn new() -> Self {
        match Self::create(true).await {
            Ok(database) => database,
            Err(error) => panic!("no test database: {error:#}"),
        }
    }

    /// The same in another cluster, given by the address of its `postgres` database.
    pub(crate) async fn on(admin_url: &str) -> Result<Self> {
        Self::create_on(admin_url.to_owned(), true).await
    }

    /// A migrated database that `fill` has filled, shared by all tests that ask for it and made once per set
    /// of migrations. Who uses it only reads.
    ///
    /// # Panics
    /// When there is no Postgres to be found or it refuses.
    pub async fn filled(name: &str, fill: &str) -> Self {
        match Self::filled_once(name, fill).await {
            Ok(database) => database,
            Err(error) => panic!("no filled database: {error:#}"),
        }
    }

    async fn filled_once(name: &str, fill: &str) -> Result<Self> {
        let admin_url = cluster::url().await?;
        let mut admin = PgConnection::connect(&admin_url).await?;
        let template = template(&mut admin, &admin_url).await?;
        let name = format!("runboard_fill_{name}_{}_{}", fill.len(), db::migrate::fingerprint());
        // One process fills, the others wait. The lock ends with the connection.
        admin.execute("select pg_advisory_lock(727867)").await?;
        if !is_ready(&mut admin, &name).await? {
            remove_fillings(&mut admin).await?;
            let draft = format!("{name}_draft");
            admin
                .execute(AssertSqlSafe(format!("create database {draft} template {template}")))
                .await?;
            let mut conn = PgConnection::connect(&with_database(&admin_url, &draft)).await?;
            conn.execute(AssertSqlSafe(fill))
                .await
                .context("filling the database")?;
            conn.execute("vacuum (analyze)").await?;
            conn.close().await?;
            admin
                .execute(AssertSqlSafe(format!("alter database {draft} rename to {name}")))
                .await?;
        }
        admin.close().await?;
        let url = with_database(&admin_url, &name);
        let pool = PoolConfig::new(&url, Session::Owner).lazy()?;
        Ok(Self {
            name,
            admin_url,
            url,
            pool,
        })
    }

    /// An empty database, for tests of the migrations themselves.
    ///
    /// # Panics
    /// When there is no Postgres to be found or it refuses.
    pub async fn empty() -> Self {
        match Self::create(false).await {
            Ok(database) => database,
            Err(error) => panic!("no test database: {error:#}"),
        }
    }

    async fn create(migrated: bool) -> Result<Self> {
        Self::create_on(cluster::url().await?, migrated).await
    }

    async fn create_on(admin_url: String, migrated: bool) -> Result<Self> {
        let mut admin = PgConnection::connect(&admin_url)
            .await
            .context("connecting to the test cluster")?;
        let template = if migrated {
            template(&mut admin, &admin_url).await?
        } else {
            "template0".to_owned()
        };
        let name = format!(
            "runboard_test_{}_{:08x}",
            std::process::id(),
            rand::rng().random::<u32>()
        );
        admin
            .execute(AssertSqlSafe(format!("create database {name} template {template}")))
            .await?;
        admin.close().await?;
        let url = with_database(&admin_url, &name);
        let pool = PoolConfig::new(&url, Session::Owner).lazy()?;
        Ok(Self {
            name,
            admin_url,
            url,
            pool,
        })
    }

    /// Address of the database, for programs under test.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A pool that may do everything.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// A pool that acts as `session`.
    pub fn pool_as(&self, session: Session) -> Pool {
        PoolConfig::new(&self.url, session)
            .lazy()
            .expect("the address was read before")
    }

    /// Moves the database's clock forward, for every connection and for good.
    pub async fn advance(&self, by: Duration) {
        self.execute(include_str!("advance.sql")).await;
        sqlx::query("update runboard_internal.test_clock set ahead = ahead + $1 * interval '1 microsecond'")
            .bind(by.num_microseconds().expect("a span a test may mean") as f64)
            .execute(&self.pool)
            .await
            .expect("the clock moves");
    }

    /// Runs any SQL as the owner.
    pub async fn execute(&self, sql: &str) {
        if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await {
            panic!("{error}: {sql}");
        }
    }

    /// Runs any SQL as the owner in another database of the same cluster.
    pub async fn execute_in(&self, database: &str, sql: &str) {
        let url = with_database(&self.admin_url, database);
        let run = async {
            let mut conn = PgConnection::connect(&url).await?;
            conn.execute(AssertSqlSafe(sql)).await
        };
        if let Err(error) = run.await {
            panic!("{error}: {sql}");
        }
    }

    /// Asks, as the owner, for one value as text; null and no row are the empty text.
    pub async fn value(&self, sql: &str) -> String {
        let sql = format!("select (select answer from ({sql}) as t (answer))::text");
        match sqlx::query_scalar::<_, Option<String>>(AssertSqlSafe(sql.as_str()))
            .fetch_one(&self.pool)
            .await
        {
            Ok(answer) => answer.unwrap_or_default(),
            Err(error) => panic!("{error}: {sql}"),
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if self.name.starts_with("runboard_fill_") {
            return;
        }
        let (name, admin_url) = (self.name.clone(), self.admin_url.clone());
        // Best effort, on a thread of its own because the test's runtime may be going away.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut admin = PgConnection::connect(&admin_url).await?;
                admin
                    .execute(AssertSqlSafe(format!("drop database if exists {name} with (force)")))
                    .await?;
                anyhow::Ok(())
            })
        });
        let _ = dropping.join();
    }
}

/// The name of the migrated template of these migrations, which exists when this returns.
async fn template(admin: &mut PgConnection, admin_url: &str) -> Result<String> {
    let name = format!("runboard_tpl_{}", db::migrate::fingerprint());
    if is_ready(admin, &name).await? {
        return Ok(name);
    }
    // One process migrates, the others wait. The lock ends with the connection.
    admin.execute("select pg_advisory_lock(727866)").await?;
    if !is_ready(admin, &name).await? {
        remove_leftovers(admin).await?;
        let draft = format!("{name}_draft");
        admin
            .execute(AssertSqlSafe(format!("drop database if exists {draft} with (force)")))
            .await?;
        admin
            .execute(AssertSqlSafe(format!("create database {draft} template template0")))
            .await?;
        let pool = PoolConfig::new(&with_database(admin_url, &draft), Session::Owner)
            .connect()
            .await?;
        let migrated = db::migrate::run(&pool).await;
        // A test whose clock jumps over a night wants no maintenance that it did not ask for.
        let quiet = pool.execute("update public.schedules set enabled = false").await;
        pool.close().await;
        migrated.context("migrating the template database")?;
        quiet.context("pausing the built-in schedules")?;
        admin
            .execute(AssertSqlSafe(format!("alter database {draft} rename to {name}")))
            .await?;
    }
    admin.execute("select pg_advisory_unlock(727866)").await?;
    Ok(name)
}

async fn is_ready(admin: &mut PgConnection, name: &str) -> Result<bool> {
    let known = sqlx::query_scalar("select exists (select from pg_database where datname = $1)");
    Ok(known.bind(name).fetch_one(admin).await?)
}

/// Drops the databases of test processes that no longer live, and all but the newest templates.
async fn remove_leftovers(admin: &mut PgConnection) -> Result<()> {
    let mut abandoned: Vec<String> =
        sqlx::query_scalar("select datname::text from pg_database where datname like 'runboard\\_test\\_%'")
            .fetch_all(&mut *admin)
            .await?;
    abandoned.retain(|name| !owner_lives(name));
    // Somebody may test another branch at the same time: a few templates stay.
    let old_templates: Vec<String> = sqlx::query_scalar(
        "select datname::text from pg_database where datname like 'runboard\\_tpl\\_%' order by oid desc offset 5",
    )
    .fetch_all(&mut *admin)
    .await?;
    for name in abandoned.into_iter().chain(old_templates) {
        // Another process may be dropping it too, or copying it.
        let _ = admin
            .execute(AssertSqlSafe(format!("drop database if exists {name}")))
            .await;
    }
    Ok(())
}

/// Drops what was filled for other migrations, unless somebody uses it.
async fn remove_fillings(admin: &mut PgConnection) -> Result<()> {
    let old: Vec<String> =
        sqlx::query_scalar("select datname::text from pg_database where datname like 'runboard\\_fill\\_%'")
            .fetch_all(&mut *admin)
            .await?;
    for name in old {
        let _ = admin
            .execute(AssertSqlSafe(format!("drop database if exists {name}")))
            .await;
    }
    Ok(())
}

/// Whether the process in `runboard_test_PID_…` lives on this machine.
fn owner_lives(name: &str) -> bool {
    let pid = name
        .split('_')
        .nth(2)
        .and_then(|pid| pid.parse().ok())
        .and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}

/// The same address with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url
        .split_once('?')
        .map_or((url, None), |(address, rest)| (address, Some(rest)));
    let server = match address.splitn(4, '/').collect::<Vec<_>>()[..] {
        [scheme, empty, server, ..] => format!("{scheme}/{empty}/{server}"),
        _ => address.to_owned(),
    };
    match parameters {
        Some(parameters) => format!("{server}/{name}?{parameters}"),
        None => format!("{server}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_an_address_changes() {
        assert_eq!(
            with_database("postgres://me@127.0.0.1:5433/postgres?sslmode=disable", "t"),
            "postgres://me@127.0.0.1:5433/t?sslmode=disable"
        );
        assert_eq!(with_database("postgres://me@host", "t"), "postgres://me@host/t");
    }

    #[tokio::test]
    async fn each_test_has_a_database_of_its_own() {
        let (one, other) = (TestDb::new().await, TestDb::new().await);
        one.execute("create table public.mark (m int)").await;
        assert_eq!(other.value("select to_regclass('public.mark')").await, "");
        assert_eq!(other.value("select count(*) from public.lanes").await, "4");
    }
}
