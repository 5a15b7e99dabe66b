//! What most commands need: a database and the use cases.

use super::dev_env;
use crate::config::Config;
use anyhow::Context;
use db::{
    clock::Clock,
    pool::{PoolConfig, Session},
};
use runs::{Services, secrets::SecretKey};

/// Opens the database that the settings name, or else the private one of a server that runs here. Only the
/// server makes the key of an installation. Without it a command does all that needs none: its key is
/// forgotten when it ends, so it must seal nothing.
pub(super) async fn open(config: &Config) -> anyhow::Result<Services> {
    let key = if has_key(config) {
        config.key()?
    } else {
        SecretKey::random()
    };
    open_with(config, key).await
}

/// The same for commands that seal or open secrets.
pub(super) async fn open_with_key(config: &Config) -> anyhow::Result<Services> {
    anyhow::ensure!(
        has_key(config),
        "there is no key of the secrets at {}; start the server once, copy its key there, or set RUNBOARD_SECRET_KEY",
        config.secret_key_file.display()
    );
    open_with(config, config.key()?).await
}

fn has_key(config: &Config) -> bool {
    config.secret_key.is_some() || config.secret_key_file.exists()
}

async fn open_with(config: &Config, key: SecretKey) -> anyhow::Result<Services> {
    let url = database_url(config)?;
    let pool = PoolConfig {
        max_connections: 2,
        ..PoolConfig::new(&url, Session::Server)
    };
    let pool = pool
        .connect()
        .await
        .context("the database does not answer; is the server running?")?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::resolve;
    use std::collections::BTreeMap;

    #[tokio::test]
    async fn only_a_command_that_needs_the_key_asks_for_it_and_none_makes_it() {
        let db = testkit::TestDb::new().await;
        let directory = tempfile::tempdir().unwrap();
        let mut config = Config::from_resolved(&resolve(&BTreeMap::new()).unwrap()).unwrap();
        config.database_url = Some(db.url().to_owned());
        config.secret_key = None;
        config.secret_key_file = directory.path().join("secret.key");
        assert!(open(&config).await.is_ok());
        let refused = open_with_key(&config).await.err().unwrap().to_string();
        assert!(refused.contains("start the server once"), "{refused}");
        assert!(!config.secret_key_file.exists());
        config.key().unwrap();
        assert!(open_with_key(&config).await.is_ok());
    }
}
