//! The settings of the server: where each comes from and what it may be.
//!
//! A flag beats the environment, the environment beats `runboard.toml`, the file beats the default.
//! Everything is read once, here, into [`Config`]; an unknown or malformed setting stops the start
//! with a sentence.

mod error;
mod explain;
mod resolve;
mod settings;

pub use error::ConfigError;
pub use explain::{explain, list};
pub use resolve::{Resolved, Source, resolve};
pub use settings::{FOREIGN, SETTINGS, Setting};

use runs::artifacts::{StoreSettings, StoreWords};
use runs::connections::Connections;
use runs::network::NetworkPolicy;
use runs::secrets::{KeyError, SecretKey};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};
use url::Url;

/// Every setting, parsed.
#[derive(Debug, Clone)]
pub struct Config {
    /// Postgres to use; `None` means that only the private one can serve.
    pub database_url: Option<String>,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Whether a person chose that address; if not, the next free port will do.
    pub is_listen_chosen: bool,
    /// Address by which others reach this server; `None` means the address it listens on.
    pub public_url: Option<Url>,
    /// Where this installation keeps what is not in Postgres.
    pub data_dir: PathBuf,
    /// Where large artifacts lie.
    pub artifacts: StoreSettings,
    /// Key of secrets at rest in base64; `None` means that it is in the file.
    pub secret_key: Option<String>,
    /// File with the key of secrets at rest.
    pub secret_key_file: PathBuf,
    /// Which log lines are written, in the words of `tracing_subscriber::EnvFilter`.
    pub log: String,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Secret shared with sheet menus; `None` closes that way in.
    pub shared_secret: Option<String>,
    /// Directory of the built browser files.
    pub site_root: PathBuf,
    /// Which addresses webhooks may have.
    pub network: NetworkPolicy,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            _ => Err("it is pretty or json"),
        }
    }
}

impl Config {
    /// The key of secrets at rest.
    pub fn key(&self) -> Result<SecretKey, KeyError> {
        match &self.secret_key {
            Some(text) => SecretKey::from_text(text),
            None => SecretKey::from_file(&self.secret_key_file),
        }
    }

    /// What this installation is connected with, as far as it may be shown.
    pub fn connections(&self) -> Connections {
        Connections {
            database: self.database_url.as_deref().map(Connections::shown).unwrap_or_default(),
            docker: Connections::docker_host(variable),
            model: variable("RUNBOARD_MODEL_URL"),
            sheet_menus: self.shared_secret.is_some(),
            key_file: self.secret_key.is_none().then(|| self.secret_key_file.clone()),
        }
    }

    /// Reads flags, the environment and the file.
    pub fn load(flags: &BTreeMap<&'static str, String>) -> Result<Self, ConfigError> {
        Self::from_resolved(&resolve(flags)?)
    }

    /// Parses what was resolved.
    pub fn from_resolved(resolved: &Resolved) -> Result<Self, ConfigError> {
        let data_dir = PathBuf::from(resolved.text("RUNBOARD_DATA_DIR"));
        Ok(Self {
            database_url: resolved.get("DATABASE_URL").map(postgres_address).transpose()?,
            listen: parse(
                resolved,
                "RUNBOARD_LISTEN",
                "it is an address and a port, such as 127.0.0.1:7411",
            )?,
            is_listen_chosen: resolved.source("RUNBOARD_LISTEN") != Source::Default,
            public_url: resolved.get("RUNBOARD_URL").map(web_address).transpose()?,
            artifacts: artifacts(resolved, &data_dir.join("artifacts"))?,
            secret_key: resolved.get("RUNBOARD_SECRET_KEY").map(str::to_owned),
            secret_key_file: resolved
                .get("RUNBOARD_SECRET_KEY_FILE")
                .map_or_else(|| data_dir.join("secret.key"), PathBuf::from),
            log: resolved.text("RUNBOARD_LOG").to_owned(),
            log_format: parse(resolved, "RUNBOARD_LOG_FORMAT", "it is pretty or json")?,
            shared_secret: resolved.get("ROADMAP_AI_SECRET").map(long_enough).transpose()?,
            site_root: PathBuf::from(resolved.text("RUNBOARD_SITE_ROOT")),
            network: network(resolved)?,
            data_dir,
        })
    }
}

/// A variable that belongs to workers: the server only looks at it.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn parse<T: FromStr>(resolved: &Resolved, name: &'static str, form: &'static str) -> Result<T, ConfigError> {
    let value = resolved.text(name);
    value.parse().map_err(|_| ConfigError::Malformed {
        name,
        value: value.to_owned(),
        form,
    })
}

fn artifacts(resolved: &Resolved, usual: &Path) -> Result<StoreSettings, ConfigError> {
    let word = |name| resolved.get(name).map(str::to_owned);
    let words = StoreWords {
        address: word("RUNBOARD_ARTIFACTS"),
        endpoint: word("RUNBOARD_S3_ENDPOINT"),
        region: word("RUNBOARD_S3_REGION"),
        key_id: word("RUNBOARD_S3_KEY_ID"),
        secret: word("RUNBOARD_S3_SECRET"),
        path_style: word("RUNBOARD_S3_PATH_STYLE"),
        most_bytes: word("RUNBOARD_ARTIFACT_MAX_BYTES"),
    };
    Ok(StoreSettings::parse(&words, usual)?)
}

fn network(resolved: &Resolved) -> Result<NetworkPolicy, ConfigError> {
    let addresses = resolved.get("RUNBOARD_ALLOW_ADDRESS").unwrap_or_default();
    let addresses = addresses
        .split(',')
        .map(str::trim)
        .filter(|address| !address.is_empty());
    let allowed = addresses.map(|address| {
        address.parse().map_err(|_| ConfigError::Malformed {
            name: "RUNBOARD_ALLOW_ADDRESS",
            value: address.to_owned(),
            form: "an address is 10.1.2.3, 10.0.0.0/8, 127.0.0.1:8080, [::1]:8080 or localhost:8080",
        })
    });
    Ok(NetworkPolicy {
        allow_private: parse(resolved, "RUNBOARD_ALLOW_PRIVATE_NETWORKS", "it is true or false")?,
        allowed: allowed.collect::<Result<_, _>>()?,
    })
}

fn web_address(text: &str) -> Result<Url, ConfigError> {
    let form = "it is the address of the server without a path, such as https://runboard.example.com";
    Url::parse(text)
        .ok()
        .filter(|url| {
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/" && url.query().is_none()
        })
        .ok_or_else(|| ConfigError::Malformed {
            name: "RUNBOARD_URL",
            value: text.to_owned(),
            form,
        })
}

fn postgres_address(text: &str) -> Result<String, ConfigError> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(text.to_owned());
    }
    // The value may hold a password, so it is not repeated.
    Err(ConfigError::Malformed {
        name: "DATABASE_URL",
        value: "…".to_owned(),
        form: "it begins with postgres:// and names host, user and database",
    })
}

fn long_enough(secret: &str) -> Result<String, ConfigError> {
    if secret.len() >= 16 {
        return Ok(secret.to_owned());
    }
    Err(ConfigError::Malformed {
        name: "ROADMAP_AI_SECRET",
        value: "…".to_owned(),
        form: "it has 16 characters or more",
    })
}
