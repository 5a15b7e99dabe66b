//! `runboard migrate`.

use super::session::database_url;
use crate::config::Config;
use anyhow::Context;
use runs::setup::{self, Address, Check, Note};

/// Bring the database to this version's shape.
#[derive(clap::Args)]
pub(super) struct Migrate {
    /// Print the whole set-up as one SQL file instead.
    #[arg(long, conflicts_with = "print_pending")]
    print_sql: bool,
    /// Print what this database lacks as one SQL file instead, for whoever administers it.
    #[arg(long)]
    print_pending: bool,
}

impl Migrate {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        if self.print_sql {
            super::print(&setup::as_sql());
            return Ok(());
        }
        let url = database_url(config)?;
        if self.print_pending {
            let mut conn = enter(&url).await?;
            let ledger = setup::ledger(&mut conn)
                .await
                .context("the migrations could not be listed")?;
            super::print(&setup::pending_sql(&ledger));
            return Ok(());
        }
        let mut tell = |note: Note| match note {
            Note::Applying { version, description } => eprint!("{version} {description} …"),
            Note::Applied { took, .. } => eprintln!(" {} ms", took.as_millis()),
            Note::Waiting | Note::Begun { .. } => {}
        };
        let applied = migrate(&url, &mut tell).await?;
        println!("{applied} migrations applied.");
        Ok(())
    }
}

/// Applies what is pending, as the login of the address; answers how much that was.
pub(super) async fn migrate(url: &str, tell: &mut (dyn FnMut(Note) + Send)) -> anyhow::Result<usize> {
    let mut conn = enter(url).await?;
    setup::apply(&mut conn, tell)
        .await
        .map_err(|error| anyhow::Error::msg(words(&setup::broken(&error))))
}

/// The words of the set-up as the context, so that callers can still ask what it was.
async fn enter(url: &str) -> anyhow::Result<db::PgConnection> {
    setup::connect(url).await.map_err(|failure| {
        let words = words(&setup::entrance(&failure, Address::read(url).as_ref()));
        anyhow::Error::new(failure).context(words)
    })
}

fn words(check: &Check) -> String {
    let fix = check.fix.as_ref().map(|fix| {
        let copy = fix
            .copy
            .as_ref()
            .map(|copy| format!("\n\n{copy}\n"))
            .unwrap_or_default();
        format!("\n{}{copy}", fix.todo)
    });
    format!("{}{}", check.says, fix.unwrap_or_default())
}
