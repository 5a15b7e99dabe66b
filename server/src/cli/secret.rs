//! `runboard secret`.

use super::session;
use crate::config::Config;
use domain::Claims;
use runs::secrets;
use std::io::Read;

/// Values given to steps by name.
#[derive(clap::Subcommand)]
pub(super) enum Secret {
    /// Store a value, read from standard input.
    Set {
        /// Name by which templates ask for it.
        name: String,
    },
    /// List the names.
    List,
}

impl Secret {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let services = session::open(&config).await?;
        match self {
            Self::Set { name } => {
                let mut value = String::new();
                std::io::stdin().read_to_string(&mut value)?;
                let value = value.trim_end_matches(['\r', '\n']);
                let mut tx = services.pool().begin().await?;
                let sealed = services.key().seal(&name, value)?;
                secrets::put(&mut tx, services.now(), &Claims::command_line(), &sealed).await?;
                tx.commit().await?;
                println!("{name} is stored.");
            }
            Self::List => {
                let mut conn = services.pool().acquire().await?;
                for row in secrets::list(&mut conn).await? {
                    println!("{:<32} {}", row.name, row.updated_at.to_rfc3339());
                }
            }
        }
        Ok(())
    }
}
