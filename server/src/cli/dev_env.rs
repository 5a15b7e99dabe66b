//! `dev.env`: where this installation is and how to get in, for scripts and tests on this machine.

use super::session;
use crate::{config::Config, private_file, random::random_hex};
use anyhow::Context;
use domain::{Claims, Role};
use runs::{
    Services,
    access::{self, TokenSpec},
};
use std::{collections::BTreeMap, fs, path::Path};

/// Variable, name of the token, role.
const TOKENS: [(&str, &str, Role); 4] = [
    ("RUNBOARD_TOKEN", "dev admin", Role::Admin),
    ("RUNBOARD_PLANNER_TOKEN", "dev planner", Role::Planner),
    ("RUNBOARD_VIEWER_TOKEN", "dev viewer", Role::Viewer),
    ("RUNBOARD_WORKER_TOKEN", "dev worker", Role::Worker),
];
const SECRET: &str = "ROADMAP_AI_SECRET";

/// `runboard dev-env`.
pub(super) async fn run(mut config: Config) -> anyhow::Result<()> {
    let services = session::open(&config).await?;
    if config.shared_secret.is_none() {
        config.shared_secret = Some(shared_secret(&config.data_dir));
    }
    let (url, database_url) = (session::server_url(&config), session::database_url(&config)?);
    write(&services, &config, &url, &database_url).await?;
    println!("{}", config.data_dir.join("dev.env").display());
    Ok(())
}

/// Writes the file. Tokens in the present one stay while they are good.
pub(super) async fn write(services: &Services, config: &Config, url: &str, database_url: &str) -> anyhow::Result<()> {
    let present = read(&config.data_dir);
    let mut lines = vec![
        ("RUNBOARD_URL", url.to_owned()),
        ("DATABASE_URL", database_url.to_owned()),
    ];
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
