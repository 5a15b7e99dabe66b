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
    /// Forget a value.
    Delete {
        /// Its name.
        name: String,
    },
    /// Seal every value again with a new key, in the place of the key file; who reads that file takes it up.
    RotateKey,
}

impl Secret {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let services = match &self {
            Self::Set { .. } | Self::RotateKey => session::open_with_key(&config).await?,
            Self::List | Self::Delete { .. } => session::open(&config).await?,
        };
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
            Self::Delete { name } => {
                let mut tx = services.pool().begin().await?;
                let deleted = secrets::delete(&mut tx, services.now(), &Claims::command_line(), &name).await?;
                tx.commit().await?;
                anyhow::ensure!(deleted, "there is no secret {name}");
                println!("{name} is forgotten.");
            }
            Self::RotateKey => {
                anyhow::ensure!(
                    config.secret_key.is_none(),
                    "the key comes from RUNBOARD_SECRET_KEY; move it into RUNBOARD_SECRET_KEY_FILE to rotate it"
                );
                let (pool, by) = (services.pool(), Claims::command_line());
                let count = secrets::rotate_key(pool, services.now(), &by, &config.secret_key_file).await?;
                println!(
                    "{count} secrets, those of alert channels included, are sealed with a new key in {}. Servers and \
                     workers that read this file take it up by themselves; give it to those that have a copy. Links to artifacts made before no longer open.",
                    config.secret_key_file.display()
                );
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
