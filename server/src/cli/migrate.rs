//! `runboard migrate`.

use super::session::database_url;
use crate::config::Config;
use anyhow::Context;
use db::pool::{PoolConfig, Session};

/// Bring the database to this version's shape.
#[derive(clap::Args)]
pub(super) struct Migrate {
    /// Print the whole set-up as one SQL file instead.
    #[arg(long)]
    print_sql: bool,
}

impl Migrate {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        if self.print_sql {
            super::print(&db::migrate::as_sql());
            return Ok(());
        }
        let applied = migrate(&database_url(config)?).await?;
        println!("{applied} migrations applied.");
        Ok(())
    }
}

/// Applies what is pending, as the owner of the database; answers how much that was.
pub(super) async fn migrate(url: &str) -> anyhow::Result<usize> {
    let pool = PoolConfig {
        max_connections: 2,
        ..PoolConfig::new(url, Session::Owner)
    };
    let pool = pool.connect().await.context("the database does not answer")?;
    let pending = db::migrate::pending(&pool)
        .await
        .context("the migrations could not be listed")?
        .len();
    if pending > 0 {
        db::migrate::run(&pool)
            .await
            .context("the migrations could not be applied")?;
    }
    pool.close().await;
    Ok(pending)
}
