//! Asks each connection whether it answers.

use super::{Check, Connections};
use crate::{
    Services,
    artifacts::{Object, Store, StoreError},
};
use bytes::Bytes;
use db::Pool;
use futures::stream;
use std::{error::Error, os::unix::net::UnixStream, time::Duration};
use tokio::time::{Instant, timeout};

const PATIENCE: Duration = Duration::from_secs(5);

/// What the connections of a server answered; `None` is not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// Postgres.
    pub database: Check,
    /// The store of large artifacts.
    pub artifacts: Option<Check>,
    /// The Docker engine of this machine.
    pub docker: Check,
    /// The language model.
    pub model: Option<Check>,
}

/// Asks all of them at once.
pub async fn all(services: &Services, known: &Connections) -> Answers {
    let of_store = async {
        match services.store() {
            Some(store) => Some(artifacts(store).await),
            None => None,
        }
    };
    let of_model = async {
        match &known.model {
            Some(endpoint) => Some(model(endpoint).await),
            None => None,
        }
    };
    let (database, artifacts, model) = tokio::join!(database(services.pool()), of_store, of_model);
    Answers {
        database,
        artifacts,
        docker: docker(&known.docker),
        model,
    }
}

/// Asks the database for something small.
async fn database(pool: &Pool) -> Check {
    const NAME: &str = "database";
    let todo = "Look whether Postgres runs and takes connections; the page about the database says more.";
    let asked = async {
        let begun = Instant::now();
        let mut conn = pool.acquire().await.map_err(db::DbError::from)?;
        db::settings::value(&mut conn, "lease").await?;
        Ok::<_, db::DbError>(begun.elapsed())
    };
    match timeout(PATIENCE, asked).await {
        Ok(Ok(span)) => Check::ok(NAME, format!("It answers within {} ms.", span.as_millis() + 1)),
        Ok(Err(error)) => Check::broken(NAME, because(&error), todo),
        Err(_) => Check::broken(NAME, "It does not answer.", todo),
    }
}

/// Puts something nobody else has into the store, and takes it away again.
pub async fn artifacts(store: &Store) -> Check {
    const NAME: &str = "artifacts";
    let todo = "Check RUNBOARD_ARTIFACTS, RUNBOARD_S3_* and who may write there.";
    let bytes = Bytes::from(format!("runboard asks {}", std::process::id()));
    let object = Object::of(&bytes);
    let probe = async {
        store
            .put(&object, stream::iter([Ok::<_, std::io::Error>(bytes)]))
            .await?;
        store.remove(&object.storage_url()).await
    };
    let probed: Result<Result<(), StoreError>, _> = timeout(PATIENCE, probe).await;
    match probed {
        Ok(Ok(())) => Check::ok(NAME, "The store of large artifacts takes and gives back."),
        Ok(Err(error)) => Check::broken(NAME, because(&error), todo),
        Err(_) => Check::broken(NAME, "The store of large artifacts does not answer.", todo),
    }
}

/// Looks whether an engine listens at `host`.
pub fn docker(host: &str) -> Check {
    let todo = "Start Docker and let this user reach its socket, or run steps of the kind docker elsewhere; nothing else needs it.";
    match host.strip_prefix("unix://") {
        Some(path) => match UnixStream::connect(path) {
            Ok(_) => Check::ok("docker", format!("The Docker engine listens at {path}.")),
            Err(error) => Check::warning("docker", format!("No Docker engine at {path}: {error}."), todo),
        },
        None => Check::ok(
            "docker",
            format!("The Docker engine is at {host}; a worker tries it when it starts."),
        ),
    }
}

/// Calls the address of the language model.
pub async fn model(endpoint: &str) -> Check {
    crate::network::choose_crypto();
    let client = reqwest::Client::builder().timeout(PATIENCE).build();
    let answer = match client {
        Ok(client) => client.get(endpoint).send().await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => Check::ok("model", format!("It answers with {}.", answer.status())),
        Err(_) => Check::broken(
            "model",
            "It does not answer.",
            "Check RUNBOARD_MODEL_URL and the network.",
        ),
    }
}

fn because(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    format!("{text}.")
}
