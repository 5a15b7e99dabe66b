//! `runboard tail`.

use super::{
    follow::{Door, follow, show},
    run::finish,
};
use crate::config::Config;
use domain::RunId;
use std::process::ExitCode;

/// Print what a run said: its log on standard output, its events on standard error.
#[derive(clap::Args)]
pub(super) struct Tail {
    /// The run.
    run_id: RunId,
    /// Go on until it has ended; the exit code tells how. Ctrl-C leaves the run alone.
    #[arg(long, short)]
    follow: bool,
}

impl Tail {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let door = Door::open(&config).await?;
        let run_id = self.run_id.to_string();
        if self.follow {
            return Ok(finish(follow(&door, &run_id, true).await, &run_id));
        }
        Ok(show(&door, &run_id).await?.unwrap_or(ExitCode::SUCCESS))
    }
}
