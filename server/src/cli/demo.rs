//! `runboard demo`.

use super::session;
use crate::config::Config;
use domain::Claims;

/// Saves the example templates and enqueues runs that keep the board moving.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let services = session::open(&config).await?;
    let by = Claims::command_line();
    let mut tx = services.begin(&by).await?;
    let made = runs::demo::seed(&mut tx, &by, &session::server_url(&config), services.now()).await?;
    tx.commit().await?;
    println!("{made} runs of the demo were enqueued.");
    Ok(())
}
