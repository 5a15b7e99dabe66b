//! Starting a run and following it: over HTTP with a token, or in the database.

mod database;
mod http;
mod tail;

pub(super) use tail::{End, follow, show};

use crate::{cli::dev_env, config::Config};
use anyhow::Context;
use chrono::{DateTime, Utc};
use database::Database;
use http::Http;
use serde_json::{Map, Value};

/// How a run stands, with what is new since the last look.
pub(super) struct Look {
    /// Its status.
    pub(super) status: String,
    /// Why it failed, for a person.
    pub(super) message: Option<String>,
    /// New lines of its log: number, step, text.
    pub(super) lines: Vec<(i64, String, String)>,
    /// Every event: number, time, sentence.
    pub(super) events: Vec<((i64, i64), DateTime<Utc>, String)>,
}

/// The way to the runs.
pub(super) enum Door {
    /// Through a server, with the rights of a token.
    Http(Http),
    /// Through the database, as the command line.
    Database(Box<Database>),
}

impl Door {
    /// The server when `RUNBOARD_URL` and `RUNBOARD_TOKEN` name one, else the database.
    pub(super) async fn open(config: &Config) -> anyhow::Result<Self> {
        let token = std::env::var("RUNBOARD_TOKEN").ok().filter(|token| !token.is_empty());
        if let (Some(url), Some(token)) = (&config.public_url, token) {
            Ok(Self::Http(Http::new(url.as_str(), token)?))
        } else {
            let known = config.database_url.is_some() || dev_env::read(&config.data_dir).contains_key("DATABASE_URL");
            anyhow::ensure!(known, "set RUNBOARD_URL and RUNBOARD_TOKEN, or DATABASE_URL");
            Ok(Self::Database(Box::new(Database::open(config).await?)))
        }
    }

    /// Whether a look that failed like this may succeed in a while.
    pub(super) fn is_passing(error: &anyhow::Error) -> bool {
        let database = error.chain().any(|cause| {
            cause
                .downcast_ref::<db::DbError>()
                .is_some_and(db::DbError::is_unavailable)
        });
        database || http::is_passing(error)
    }

    /// JSON Schema of the parameters of a template.
    pub(super) async fn params_of(&self, template: &str) -> anyhow::Result<Value> {
        let schema = match self {
            Self::Http(http) => http.params_of(template).await?,
            Self::Database(database) => database.params_of(template).await?,
        };
        schema.with_context(|| format!("there is no template {template}"))
    }

    /// Starts a run and answers with its id.
    pub(super) async fn start(&self, template: &str, params: Map<String, Value>) -> anyhow::Result<String> {
        match self {
            Self::Http(http) => http.start(template, params).await,
            Self::Database(database) => database.start(template, params).await,
        }
    }

    /// Looks at a run; lines from `from_line` on.
    pub(super) async fn look(&self, run_id: &str, from_line: i64) -> anyhow::Result<Look> {
        match self {
            Self::Http(http) => http.look(run_id, from_line).await,
            Self::Database(database) => database.look(run_id, from_line).await,
        }
    }
}

/// Lines of one look at most.
const LINES: i64 = 1000;
