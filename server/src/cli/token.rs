//! `runboard token`.

use super::session;
use crate::config::Config;
use anyhow::Context;
use domain::{Claims, Role};
use runs::access::{self, TokenSpec};
use uuid::Uuid;

/// Tokens of programs.
#[derive(clap::Subcommand)]
pub(super) enum Token {
    /// Issue a token; it is shown this once.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// viewer, planner, operator, admin or worker.
        #[arg(long, default_value = "viewer")]
        role: Role,
        /// Actions it is limited to, comma-separated.
        #[arg(long, value_delimiter = ',')]
        actions: Option<Vec<String>>,
        /// Spreadsheets it is limited to, comma-separated.
        #[arg(long, value_delimiter = ',')]
        spreadsheets: Option<Vec<String>>,
        /// Days after which it is of no use.
        #[arg(long)]
        days: Option<u16>,
    },
    /// List the tokens.
    List,
    /// Issue a new token in place of an old one, which stays good for a while.
    Rotate {
        /// Its id, as the list shows it.
        token_id: Uuid,
        /// Seconds that the old one stays good.
        #[arg(long, default_value_t = 3600)]
        overlap_seconds: u32,
    },
    /// Take a token back.
    Revoke {
        /// Its id, as the list shows it.
        token_id: Uuid,
    },
}

impl Token {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let services = session::open(&config).await?;
        let (by, now) = (Claims::command_line(), services.now());
        let mut tx = services.pool().begin().await?;
        match self {
            Self::Create {
                name,
                role,
                actions,
                spreadsheets,
                days,
            } => {
                let expires_at = days.map(|days| now + chrono::TimeDelta::days(days.into()));
                let spec = TokenSpec {
                    name,
                    role: Some(role),
                    actions,
                    spreadsheets,
                    expires_at,
                };
                let issued = access::issue_token(&mut tx, now, &by, &spec).await?;
                tx.commit().await?;
                println!("{}", issued.token);
            }
            Self::List => {
                for token in access::tokens(&mut tx).await? {
                    let state = if token.revoked_at.is_some() { "revoked" } else { "" };
                    println!(
                        "{}  {:<10}… {:<9} {} {state}",
                        token.token_id, token.prefix, token.role, token.name
                    );
                }
            }
            Self::Rotate {
                token_id,
                overlap_seconds,
            } => {
                let overlap = chrono::TimeDelta::seconds(overlap_seconds.into());
                let issued = access::rotate_token(&mut tx, now, &by, token_id, overlap).await?;
                tx.commit().await?;
                let issued = issued.context("there is no such token that is good")?;
                println!("{}", issued.token);
            }
            Self::Revoke { token_id } => {
                let revoked = access::revoke_token(&mut tx, now, &by, token_id).await?;
                tx.commit().await?;
                anyhow::ensure!(revoked, "there is no such token, or it was revoked before");
                println!("{token_id} is revoked.");
            }
        }
        Ok(())
    }
}
