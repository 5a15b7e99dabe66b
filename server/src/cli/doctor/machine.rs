//! Checks of this machine: disk, key, Docker, where artifacts go.

use super::Check;
use crate::config::Config;
use bytes::Bytes;
use futures::stream;
use runs::{
    artifacts::{Object, Store, StoreSettings},
    secrets::SecretKey,
};
use std::{env, os::unix::net::UnixStream, path::Path, process::Command};

const LOW_MIB: u64 = 1024;
const EMPTY_MIB: u64 = 100;

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let mut checks = vec![disk(&config.data_dir), key(config), docker()];
    checks.push(artifacts(&config.artifacts).await);
    if let Ok(endpoint) = env::var("RUNBOARD_MODEL_URL") {
        checks.push(model(&endpoint).await);
    }
    checks
}

/// Asks `df`: every system has it, and the standard library does not know.
fn disk(data_dir: &Path) -> Check {
    let place = data_dir
        .ancestors()
        .find(|place| place.exists())
        .unwrap_or(Path::new("."));
    let place = if place.as_os_str().is_empty() {
        Path::new(".")
    } else {
        place
    };
    let output = Command::new("df").arg("-Pm").arg(place).output();
    let text = output
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    let free = text
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free {
        Some(free) if free < EMPTY_MIB => Check::broken(
            "disk",
            format!("{free} MiB are free at {}.", place.display()),
            "Make room: Postgres stops when its disk is full.",
        ),
        Some(free) if free < LOW_MIB => Check::warning(
            "disk",
            format!("{free} MiB are free at {}.", place.display()),
            "Make room, or shorten retention.",
        ),
        Some(free) => Check::ok("disk", format!("{free} MiB are free at {}.", place.display())),
        None => Check::warning("disk", "The free space could not be read.", "Look with `df -h`."),
    }
}

fn key(config: &Config) -> Check {
    if config.secret_key.is_some() {
        return match config.key() {
            Ok(_) => Check::ok("secret key", "The key of the secrets comes from the environment."),
            Err(error) => Check::broken(
                "secret key",
                super::because(&error),
                "RUNBOARD_SECRET_KEY is 32 bytes in base64.",
            ),
        };
    }
    let path = &config.secret_key_file;
    if !path.exists() {
        let says = format!("There is no key of the secrets at {}.", path.display());
        return Check::warning(
            "secret key",
            says,
            "The first start makes it; on several machines give all of them the same file.",
        );
    }
    match SecretKey::from_file(path) {
        Ok(_) => Check::ok(
            "secret key",
            format!("The key of the secrets is at {}.", path.display()),
        ),
        Err(error) => Check::broken(
            "secret key",
            super::because(&error),
            "Restore the file from a backup: stored secrets open only with it.",
        ),
    }
}

/// Where a worker looks for the engine.
fn docker_host(variable: impl Fn(&str) -> Option<String>) -> String {
    ["RUNBOARD_DOCKER_HOST", "DOCKER_HOST"]
        .into_iter()
        .filter_map(variable)
        .find(|host| !host.is_empty())
        .unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned())
}

fn docker() -> Check {
    let host = docker_host(|name| env::var(name).ok());
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

/// Puts something nobody else has, and takes it away again.
async fn artifacts(settings: &StoreSettings) -> Check {
    const NAME: &str = "artifacts";
    let store = match Store::open(settings) {
        Ok(store) => store,
        Err(error) => {
            return Check::broken(
                NAME,
                super::because(&error),
                "Check RUNBOARD_ARTIFACTS and RUNBOARD_S3_*.",
            );
        }
    };
    let bytes = Bytes::from(format!("runboard doctor {}", std::process::id()));
    let object = Object::of(&bytes);
    let probe = async {
        store
            .put(&object, stream::iter([Ok::<_, std::io::Error>(bytes)]))
            .await?;
        store.remove(&object.storage_url()).await
    };
    match probe.await {
        Ok(()) => Check::ok(NAME, "The store of large artifacts takes and gives back."),
        Err(error) => {
            let todo = "Check RUNBOARD_ARTIFACTS, RUNBOARD_S3_* and who may write there.";
            Check::broken(NAME, super::because(&error), todo)
        }
    }
}

async fn model(endpoint: &str) -> Check {
    runs::network::choose_crypto();
    let client = reqwest::Client::builder()
        .timeout(std::time::Duration::from_secs(5))
        .build();
    let answer = match client {
        Ok(client) => client.get(endpoint).send().await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => Check::ok("model", format!("{endpoint} answers with {}.", answer.status())),
        Err(_) => Check::broken(
            "model",
            format!("{endpoint} does not answer."),
            "Check RUNBOARD_MODEL_URL and the network.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::docker_host;

    #[test]
    fn the_engine_of_the_worker_is_looked_for_where_the_worker_looks() {
        let both = |name: &str| Some(format!("tcp://{}", name.to_lowercase()));
        assert_eq!(docker_host(both), "tcp://runboard_docker_host");
        let usual = |name: &str| (name == "DOCKER_HOST").then(|| "tcp://usual".to_owned());
        assert_eq!(docker_host(usual), "tcp://usual");
        assert_eq!(docker_host(|_| Some(String::new())), "unix:///var/run/docker.sock");
    }
}
