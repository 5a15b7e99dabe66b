//! What most commands need: a database and the use cases.

use super::dev_env;
use crate::config::Config;
use anyhow::Context;
use db::{
    clock::Clock,
    pool::{PoolConfig, Session},
};
use runs::Services;

/// Opens the database that the settings name, or else the private one of a server that runs here.
pub(super) async fn open(config: &Config) -> anyhow::Result<Services> {
    let url = database_url(config)?;
    let pool = PoolConfig {
        max_connections: 2,
        ..PoolConfig::new(&url, Session::Server)
    };
    let pool = pool
        .connect()
        .await
        .context("the database does not answer; is the server running?")?;
    let key = config.key()?;
    Ok(Services::new(pool, Clock::system(), key))
}

/// The address of the database, from the settings or from `dev.env`.
pub(super) fn database_url(config: &Config) -> anyhow::Result<String> {
    config
        .database_url
        .clone()
        .or_else(|| dev_env::read(&config.data_dir).remove("DATABASE_URL"))
        .context("DATABASE_URL is not set, and no server with a private Postgres has run here")
}

/// The address of the server, from the settings or from `dev.env`.
pub(super) fn server_url(config: &Config) -> String {
    match &config.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => dev_env::read(&config.data_dir)
            .remove("RUNBOARD_URL")
            .unwrap_or_else(|| format!("http://{}", config.listen)),
    }
}
