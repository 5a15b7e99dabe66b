//! Checks of this machine: disk, key, Docker, where artifacts go.

use crate::config::Config;
use runs::{
    artifacts::{Store, StoreSettings},
    connections,
    secrets::SecretKey,
    setup::Check,
};
use std::{path::Path, process::Command};

const LOW_MIB: u64 = 1024;
const EMPTY_MIB: u64 = 100;

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let known = config.connections();
    let mut checks = vec![
        disk(&config.data_dir),
        key(config),
        connections::docker(&known.docker),
        artifacts(&config.artifacts).await,
    ];
    if let Some(endpoint) = &known.model {
        checks.push(connections::model(endpoint).await);
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

/// Puts something nobody else has, and takes it away again.
async fn artifacts(settings: &StoreSettings) -> Check {
    match Store::open(settings) {
        Ok(store) => connections::artifacts(&store).await,
        Err(error) => {
            let todo = "Check RUNBOARD_ARTIFACTS and RUNBOARD_S3_*.";
            Check::broken("artifacts", super::because(&error), todo)
        }
    }
}
