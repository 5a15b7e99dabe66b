//! `dev.env`: where this installation is and how to get in, for scripts and tests on this machine.

use super::session;
use crate::{config::Config, private_file, random::random_hex};
use anyhow::Context;
use domain::{Claims, Role};
use runs::{
    Services,
    access::{self, TokenSpec},
};
use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path};

/// Variable, name of the token, role.
const TOKENS: [(&str, &str, Role); 4] = [
    ("RUNBOARD_TOKEN", "dev admin", Role::Admin),
    ("RUNBOARD_PLANNER_TOKEN", "dev planner", Role::Planner),
    ("RUNBOARD_VIEWER_TOKEN", "dev viewer", Role::Viewer),
    ("RUNBOARD_WORKER_TOKEN", "dev worker", Role::Worker),
];
const SECRET: &str = "ROADMAP_AI_SECRET";
const ALLOWED: &str = "RUNBOARD_ALLOW_ADDRESS";

/// `runboard dev-env`.
pub(super) async fn run(mut config: Config) -> anyhow::Result<()> {
    let services = session::open(&config).await?;
    if config.shared_secret.is_none() {
        config.shared_secret = Some(shared_secret(&config.data_dir));
    }
    let (url, database_url) = (session::server_url(&config), session::database_url(&config)?);
    let places = Places {
        url: &url,
        database_url: &database_url,
        listen: None,
    };
    write(&services, &config, places).await?;
    println!("{}", config.data_dir.join("dev.env").display());
    Ok(())
}

/// Where this installation is.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    /// Address by which others reach the server.
    pub(super) url: &'a str,
    /// Its database.
    pub(super) database_url: &'a str,
    /// Address it listens on; what the present file says when it is not known.
    pub(super) listen: Option<SocketAddr>,
}

/// Writes the file. Tokens in the present one stay while they are good.
pub(super) async fn write(services: &Services, config: &Config, places: Places<'_>) -> anyhow::Result<()> {
    let present = read(&config.data_dir);
    let mut lines = vec![
        ("RUNBOARD_URL", places.url.to_owned()),
        ("DATABASE_URL", places.database_url.to_owned()),
    ];
    let allowed = places.listen.map(allowed).or_else(|| present.get(ALLOWED).cloned());
    lines.extend(allowed.map(|allowed| (ALLOWED, allowed)));
    let mut tx = services.pool().begin().await?;
    for (variable, name, role) in TOKENS {
        let token = match present.get(variable) {
            Some(token) if is_good(services, &mut tx, token, role).await? => token.clone(),
            _ => {
                let spec = TokenSpec {
                    name: name.to_owned(),
                    role: Some(role),
                    ..TokenSpec::default()
                };
                access::issue_token(&mut tx, services.now(), &Claims::command_line(), &spec)
                    .await?
                    .token
            }
        };
        lines.push((variable, token));
    }
    tx.commit().await?;
    lines.extend(config.shared_secret.clone().map(|secret| (SECRET, secret)));
    let lines: Vec<String> = lines.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
    let text = lines.join("\n") + "\n";
    let path = config.data_dir.join("dev.env");
    private_file::write(&path, &text).with_context(|| format!("{} cannot be written", path.display()))
}

/// How a worker on this machine may reach the server: its public address may be a name, or another machine's.
fn allowed(listen: SocketAddr) -> String {
    let port = listen.port();
    if listen.ip().is_unspecified() {
        format!("localhost:{port}")
    } else {
        listen.to_string()
    }
}

async fn is_good(services: &Services, conn: &mut db::PgConnection, token: &str, role: Role) -> db::Result<bool> {
    let claims = access::token(conn, services.now(), token).await?;
    Ok(claims.is_some_and(|claims| claims.role == role))
}

/// The shared secret of the present file, or a new one.
pub(super) fn shared_secret(data_dir: &Path) -> String {
    read(data_dir)
        .remove(SECRET)
        .filter(|secret| secret.len() >= 16)
        .unwrap_or_else(random_hex::<24>)
}

/// What the present file says; nothing when there is none.
pub(super) fn read(data_dir: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(data_dir.join("dev.env")).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use runs::network::AllowedAddress;

    #[test]
    fn a_worker_is_allowed_what_it_can_read() {
        for (listen, expected) in [
            ("127.0.0.1:7411", "127.0.0.1:7411"),
            ("0.0.0.0:7411", "localhost:7411"),
            ("[::]:7411", "localhost:7411"),
            ("[::1]:7411", "[::1]:7411"),
        ] {
            let allowed = allowed(listen.parse().unwrap());
            assert_eq!(allowed, expected);
            assert!(allowed.parse::<AllowedAddress>().is_ok());
        }
    }
}
