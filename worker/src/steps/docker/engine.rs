//! The Docker engine: how it is reached, and what its errors mean in words.

use crate::steps::StepError;
use bollard::{API_DEFAULT_VERSION, Docker as Client, errors::Error};
use std::{sync::Arc, time::Duration};

/// Where an engine listens unless somebody names another place.
pub const USUAL_ADDRESS: &str = "unix:///var/run/docker.sock";
/// Longest wait for the beginning of an answer, in seconds.
const ANSWER_SECONDS: u64 = 120;
/// Longest wait for an engine that is only asked whether it is there.
const KNOCK: Duration = Duration::from_secs(3);

/// A Docker engine by its address.
#[derive(Debug, Clone)]
pub struct Engine {
    address: Arc<str>,
}

impl Engine {
    /// The engine at `unix:///path` or `tcp://host:port`.
    pub fn at(address: &str) -> Self {
        Self {
            address: Arc::from(address),
        }
    }

    /// Whether an engine answers there.
    pub async fn answers(&self) -> bool {
        matches!(tokio::time::timeout(KNOCK, self.connect()).await, Ok(Ok(_)))
    }

    /// What is missing when no engine answers, in words.
    pub fn missing(&self) -> String {
        format!("no Docker engine answers at {}", self.address)
    }

    /// A connection that speaks the version of the engine.
    pub(super) async fn connect(&self) -> Result<Client, StepError> {
        let path = self.address.strip_prefix("unix://");
        let client = if path.is_some() {
            Client::connect_with_unix(&self.address, ANSWER_SECONDS, API_DEFAULT_VERSION)
        } else if self.address.starts_with("tcp://") || self.address.starts_with("http://") {
            Client::connect_with_http(&self.address, ANSWER_SECONDS, API_DEFAULT_VERSION)
        } else {
            let message = format!("{} is no address of a Docker engine", self.address);
            return Err(StepError::words("no_docker_engine", message)
                .hint("Start the worker with RUNBOARD_DOCKER_HOST=unix:///path or tcp://host:port."));
        };
        let negotiated = match client {
            Ok(client) => client.negotiate_version().await,
            Err(error) => Err(error),
        };
        negotiated.map_err(|error| {
            StepError::words("no_docker_engine", self.missing())
                .hint("Start Docker there, let the worker's user use its socket, or name another engine in RUNBOARD_DOCKER_HOST.")
                .retryable()
                .caused_by(error)
        })
    }
}

/// What an error of the engine means; `doing` completes the sentence *the engine could not …*.
pub(super) fn in_words(error: Error, doing: &str) -> StepError {
    match &error {
        Error::DockerResponseServerError { status_code, message } => {
            let passing = *status_code >= 500;
            let words = StepError::words(
                "docker_refused",
                format!("the engine could not {doing}: {}", message.trim_end_matches('.')),
            )
            .hint("Look at with in the template; the words are those of the engine.");
            if passing { words.retryable() } else { words }.caused_by(error)
        }
        Error::DockerStreamError { error: told } => StepError::words(
            "docker_refused",
            format!("the engine could not {doing}: {}", told.trim_end_matches('.')),
        )
        .hint("The words are those of the engine.")
        .retryable()
        .caused_by(error),
        _ => StepError::words(
            "no_docker_engine",
            format!("the connection to the Docker engine broke while it was to {doing}"),
        )
        .hint("Look whether Docker still runs; usually the next try ends better.")
        .retryable()
        .caused_by(error),
    }
}

/// Whether the engine says that there is no such thing.
pub(super) fn is_missing(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}
