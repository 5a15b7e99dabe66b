//! The command line of `runboard-worker`.

mod artifacts;
mod kinds;

use crate::{
    Config, Keyring, Worker,
    config::host_name,
    steps::{api::AllowedAddress, docker::AllowedMount},
};
use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use db::{
    listener::{Listener, ListenerConfig},
    pool::{PoolConfig, Session},
};
use domain::{LaneName, StepKind};
use runs::secrets::SecretKey;
use std::{ffi::OsString, path::PathBuf, time::Duration};

/// Takes runs from the queue and works on them.
#[derive(Debug, Parser)]
#[command(name = "runboard-worker", version)]
pub struct Arguments {
    /// Lanes to serve.
    #[arg(long, env = "RUNBOARD_LANES", value_delimiter = ',', default_value = "A,B,C,D")]
    pub lanes: Vec<LaneName>,
    /// Runs to work on at once.
    #[arg(long, env = "RUNBOARD_SLOTS", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub slots: u16,
    /// Runs to take ahead of free slots; for lanes whose runs take milliseconds.
    #[arg(long, env = "RUNBOARD_PREFETCH", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1000))]
    pub prefetch: u16,
    /// Kinds of steps to serve; all that can run here when absent.
    #[arg(long, env = "RUNBOARD_KINDS", value_delimiter = ',', value_parser = kind)]
    pub kinds: Vec<StepKind>,
    /// Name shown to people; the host and the process id when absent.
    #[arg(long, env = "RUNBOARD_WORKER_NAME")]
    pub name: Option<String>,
    /// Address of the database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
    /// Key of the secrets in base64.
    #[arg(long, env = "RUNBOARD_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// File with the key of the secrets, as the server made it; runs without secrets need none.
    #[arg(long, env = "RUNBOARD_SECRET_KEY_FILE", default_value = ".runboard/secret.key")]
    pub secret_key_file: PathBuf,
    /// Where steps get their scratch directories.
    #[arg(long, env = "RUNBOARD_SCRATCH")]
    pub scratch: Option<PathBuf>,
    /// Where this installation keeps what is not in Postgres.
    #[arg(long, env = "RUNBOARD_DATA_DIR", default_value = ".runboard")]
    pub data_dir: PathBuf,
    /// Where large artifacts go: the same place as the server's.
    #[command(flatten)]
    pub artifacts: artifacts::ArtifactArguments,
    /// Seconds that runs may go on after the worker was asked to stop.
    #[arg(long, env = "RUNBOARD_GRACE_SECONDS", default_value_t = 30)]
    pub grace_seconds: u64,
    /// Docker engine: unix:///path or tcp://host:port; DOCKER_HOST, else the usual socket, when absent.
    #[arg(long, env = "RUNBOARD_DOCKER_HOST")]
    pub docker_host: Option<String>,
    /// Lets containers see this directory of the machine: /srv/data, or /srv/data:rw to write too.
    #[arg(long, env = "RUNBOARD_ALLOW_MOUNT", value_delimiter = ',')]
    pub allow_mount: Vec<AllowedMount>,
    /// Lets api, mcp and agent steps reach private networks.
    #[arg(long, env = "RUNBOARD_ALLOW_PRIVATE_NETWORKS")]
    pub allow_private_networks: bool,
    /// Lets api, mcp and agent steps reach this address: 10.1.2.3, 10.0.0.0/8, 127.0.0.1:8080, localhost:8080.
    #[arg(long, env = "RUNBOARD_ALLOW_ADDRESS", value_delimiter = ',')]
    pub allow_address: Vec<AllowedAddress>,
    /// Which log lines are written, as `level` or `target=level`, comma-separated.
    #[arg(long, env = "RUNBOARD_LOG", default_value = "info,sqlx=warn,tokio_postgres=warn")]
    pub log: String,
    /// Form of the log.
    #[arg(long, env = "RUNBOARD_LOG_FORMAT", default_value = "pretty")]
    pub log_format: LogForm,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// One JSON object per line.
    Json,
    /// For a terminal.
    Pretty,
}

impl Arguments {
    /// Reads the command line and the environment of this process; ends it when they cannot be read.
    pub fn read() -> Self {
        Self::from_words(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Reads these words and the environment, in which an empty variable counts as absent: who sets one to
    /// nothing means nothing by it.
    fn from_words(words: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
        let command = Self::command().mut_args(|argument| {
            let value = argument.get_env().and_then(std::env::var_os);
            if value.is_some_and(|value| value.is_empty()) {
                argument.env(None)
            } else {
                argument
            }
        });
        Self::from_arg_matches(&command.try_get_matches_from(words)?)
    }

    /// The worker that was asked for, connected to its database.
    pub async fn into_worker(self) -> anyhow::Result<Worker> {
        let name = self
            .name
            .clone()
            .unwrap_or_else(|| format!("{}-{}", host_name(), std::process::id()));
        let key = match &self.secret_key {
            Some(text) => SecretKey::from_text(text).map(Keyring::from),
            None => Keyring::at(&self.secret_key_file),
        }
        .context("reading the key of the secrets")?;
        let store = self.artifacts.open(&self.data_dir)?;
        let kinds = kinds::kinds(&self, &key, &store).await?;
        let config = Config {
            grace: Duration::from_secs(self.grace_seconds),
            prefetch: self.prefetch.into(),
            store: Some(store),
            ..Config::new(&name, self.lanes, self.slots.into())
        };
        let pool = PoolConfig::new(&self.database_url, Session::Worker)
            .connect()
            .await
            .context("connecting to the database")?;
        let listener =
            Listener::start(ListenerConfig::new(&self.database_url)).context("reading the address of the database")?;
        Ok(Worker {
            config,
            pool,
            key,
            kinds,
            listener: Some(listener),
        })
    }
}

fn kind(word: &str) -> Result<StepKind, String> {
    StepKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == word)
        .ok_or_else(|| {
            let known: Vec<&str> = StepKind::ALL.into_iter().map(StepKind::as_str).collect();
            format!("known kinds are {}", known.join(", "))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn lists_are_read_and_checked() {
        let read = |extra: &[&str]| {
            let words = ["runboard-worker", "--database-url", "postgres://x"];
            Arguments::from_words(words.iter().chain(extra))
        };
        let arguments = read(&["--lanes", "A,C", "--kinds", "api", "--allow-address", "127.0.0.1:8080"]).unwrap();
        assert_eq!(
            arguments.lanes.iter().map(LaneName::as_str).collect::<Vec<_>>(),
            ["A", "C"]
        );
        assert_eq!(arguments.kinds, [StepKind::Api]);
        assert!(read(&["--lanes", "a"]).is_err());
        assert!(read(&["--kinds", "rocket"]).is_err());
        assert!(read(&["--slots", "0"]).is_err());
        assert!(read(&["--allow-mount", ""]).is_err());
    }
}
