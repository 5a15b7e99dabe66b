//! What an installation is connected with: what was set, and whether it answers.
//!
//! `runboard doctor` and the settings page ask the same questions.

mod ask;

pub use crate::setup::{Check, State};
pub use ask::{Answers, all, artifacts, docker, model};

use std::path::PathBuf;

/// What the environment says about connections; never a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connections {
    /// Host, port and name of the database.
    pub database: String,
    /// Address of the Docker engine.
    pub docker: String,
    /// Address of the language model.
    pub model: Option<String>,
    /// Whether the menus of spreadsheets may come in with the shared secret.
    pub sheet_menus: bool,
    /// Where the key of the secrets is; `None` means the environment.
    pub key_file: Option<PathBuf>,
}

impl Connections {
    /// What may be shown of an address: not the login, not the password, not the question.
    pub fn shown(url: &str) -> String {
        let Ok(url) = url::Url::parse(url) else {
            return String::new();
        };
        let host = url.host_str().unwrap_or("this machine");
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{host}{port}{}", url.path())
    }

    /// Where workers look for the Docker engine, by the variables of the environment.
    pub fn docker_host(variable: impl Fn(&str) -> Option<String>) -> String {
        ["RUNBOARD_DOCKER_HOST", "DOCKER_HOST"]
            .into_iter()
            .filter_map(variable)
            .find(|host| !host.is_empty())
            .unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_of_an_address_is_shown() {
        let url = "postgres://runboard:hunter2@db.example.com:5433/work?sslmode=require&password=hunter2";
        assert_eq!(Connections::shown(url), "db.example.com:5433/work");
        assert_eq!(Connections::shown("postgres:///work?host=/run/pg"), "this machine/work");
    }

    #[test]
    fn the_engine_of_the_worker_is_looked_for_where_the_worker_looks() {
        let both = |name: &str| Some(format!("tcp://{}", name.to_lowercase()));
        assert_eq!(Connections::docker_host(both), "tcp://runboard_docker_host");
        let usual = |name: &str| (name == "DOCKER_HOST").then(|| "tcp://usual".to_owned());
        assert_eq!(Connections::docker_host(usual), "tcp://usual");
        assert_eq!(
            Connections::docker_host(|_| Some(String::new())),
            "unix:///var/run/docker.sock"
        );
    }
}
