//! The commands of `runboard`.
//!
//! One file per noun. A command loads the settings, acts as *command line* with every right, prints what
//! a person or a script needs on standard output and everything else on standard error.

mod demo;
mod dev_env;
mod doctor;
mod export;
mod follow;
mod migrate;
mod run;
mod secret;
mod serve;
mod session;
mod tail;
mod template;
mod token;
mod user;

use crate::{
    config::{Config, explain, list, resolve},
    http::openapi,
};
use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use std::{collections::BTreeMap, io::Write, process::ExitCode};

/// Queue runs, watch them, read what they left.
#[derive(Parser)]
#[command(name = "runboard", version)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// Settings that every command takes; `runboard config --explain` lists all of them.
#[derive(Args)]
struct Settings {
    /// Postgres to use [DATABASE_URL].
    #[arg(long, global = true)]
    database_url: Option<String>,
    /// Where the private Postgres, keys and dev.env are [RUNBOARD_DATA_DIR].
    #[arg(long, global = true)]
    data_dir: Option<String>,
    /// Address to listen on [RUNBOARD_LISTEN].
    #[arg(long, global = true)]
    listen: Option<String>,
    /// Address by which people reach the server [RUNBOARD_URL].
    #[arg(long, global = true)]
    url: Option<String>,
}

impl Settings {
    fn flags(&self) -> BTreeMap<&'static str, String> {
        [
            ("DATABASE_URL", &self.database_url),
            ("RUNBOARD_DATA_DIR", &self.data_dir),
            ("RUNBOARD_LISTEN", &self.listen),
            ("RUNBOARD_URL", &self.url),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)))
        .collect()
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages, API and live stream.
    Serve(serve::Serve),
    /// Bring the database to this version's shape.
    Migrate(migrate::Migrate),
    /// Write .runboard/dev.env: address, database and one token per role.
    DevEnv,
    /// Show the settings.
    Config {
        /// With source and meaning.
        #[arg(long)]
        explain: bool,
    },
    /// Start a run.
    Run(run::Run),
    /// Print what a run said.
    Tail(tail::Tail),
    /// Check everything this installation needs.
    Doctor(doctor::Doctor),
    /// People who log in.
    #[command(subcommand)]
    User(user::User),
    /// Tokens of programs.
    #[command(subcommand)]
    Token(token::Token),
    /// Definitions of work.
    #[command(subcommand)]
    Template(template::TemplateCommand),
    /// Values given to steps by name.
    #[command(subcommand)]
    Secret(secret::Secret),
    /// Fill an installation with example templates and runs.
    Demo,
    /// Write runs to a file.
    #[command(subcommand)]
    Export(export::Export),
    /// Print the description of the HTTP API.
    Openapi,
}

/// Runs the command line.
pub async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("runboard: {}", words(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let flags = cli.settings.flags();
    if let Command::Openapi = cli.command {
        print(&openapi::document());
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Config { explain: wants_meaning } = cli.command {
        let resolved = resolve(&flags).context("the settings were refused")?;
        Config::from_resolved(&resolved).context("the settings were refused")?;
        print(&if wants_meaning {
            explain(&resolved)
        } else {
            list(&resolved)
        });
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::load(&flags).context("the settings were refused")?;
    match cli.command {
        Command::Serve(command) => command.run(config).await?,
        Command::Migrate(command) => command.run(&config).await?,
        Command::Run(command) => return command.run(config).await,
        Command::Tail(command) => return command.run(config).await,
        Command::Doctor(command) => return command.run(config).await,
        Command::DevEnv => dev_env::run(config).await?,
        Command::User(command) => command.run(config).await?,
        Command::Token(command) => command.run(config).await?,
        Command::Template(command) => return command.run(config).await,
        Command::Secret(command) => command.run(config).await?,
        Command::Export(command) => command.run(config).await?,
        Command::Demo => demo::run(config).await?,
        Command::Config { .. } | Command::Openapi => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// An error with its causes, and what the database says to do about it.
fn words(error: &anyhow::Error) -> String {
    let hint = error.chain().find_map(|cause| match cause.downcast_ref() {
        Some(db::DbError::Refused { hint, .. }) => hint.as_deref(),
        _ => None,
    });
    match hint.filter(|hint| !hint.is_empty()) {
        Some(hint) => format!("{error:#}. {hint}"),
        None => format!("{error:#}"),
    }
}

/// Prints a long text; who stops reading half-way has read enough.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do() {
        let refused = db::DbError::Refused {
            status: 409,
            code: "name_taken".to_owned(),
            field: None,
            message: "the name is taken".to_owned(),
            hint: Some("Choose another name.".to_owned()),
        };
        let error = anyhow::Error::from(refused).context("nothing was saved");
        assert_eq!(
            words(&error),
            "nothing was saved: the name is taken. Choose another name."
        );
    }
}
