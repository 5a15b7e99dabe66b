//! Tells of new runs after their commit, many at once.

use crate::{Pool, Result, statements::statements};
use tokio::sync::mpsc;

/// Runs that one notification may stand for.
const MOST_AT_ONCE: usize = 500;

/// The way to the announcer; clones lead to the same one.
///
/// Runs are announced in the order in which they came; those that come while an announcement is on its way
/// share the next. One that fails is dropped: who polls finds the run.
#[derive(Debug, Clone)]
pub struct Announcer {
    runs: mpsc::UnboundedSender<String>,
}

impl Announcer {
    /// Starts to announce over `pool`; ends when every clone is dropped and everything is said.
    pub fn start(pool: Pool) -> Self {
        let (runs, mut incoming) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut gathered = Vec::new();
            while incoming.recv_many(&mut gathered, MOST_AT_ONCE).await > 0 {
                if let Err(error) = announce(&pool, &gathered).await {
                    tracing::warn!(%error, runs.count = gathered.len(), "New runs were not announced; workers find them when they poll.");
                }
                gathered.clear();
            }
        });
        Self { runs }
    }

    /// Announces a run whose enqueue is committed.
    pub fn announce(&self, run_id: String) {
        let _ = self.runs.send(run_id);
    }
}

async fn announce(pool: &Pool, run_ids: &[String]) -> Result<()> {
    sqlx::query(ANNOUNCE).bind(run_ids).execute(pool).await?;
    Ok(())
}

statements! {
    ANNOUNCE = "select public.announce_runs($1)";
}
