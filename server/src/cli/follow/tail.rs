//! Printing what a run says while it goes.

use super::{Door, Look};
use domain::RunStatus;
use std::{collections::HashSet, io::Write, process::ExitCode, time::Duration};
use tokio::{signal::ctrl_c, time::interval};

/// A person reads no faster.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A person wants to look away; the run goes on.
pub(in crate::cli) struct Interrupted;

/// What was said already.
#[derive(Default)]
struct Said {
    lines: i64,
    events: HashSet<(i64, i64)>,
}

/// Prints what the run has said so far; answers with its outcome once it has one.
pub(in crate::cli) async fn show(door: &Door, run_id: &str) -> anyhow::Result<Option<ExitCode>> {
    let mut said = Said::default();
    loop {
        let look = door.look(run_id, said.lines + 1).await?;
        let has_more = !look.lines.is_empty();
        said.print(&look, true);
        if !has_more {
            return Ok(outcome(&look));
        }
    }
}

/// Waits for the end of the run; prints what it says on the way when `aloud`.
pub(in crate::cli) async fn follow(
    door: &Door,
    run_id: &str,
    aloud: bool,
) -> anyhow::Result<Result<ExitCode, Interrupted>> {
    let mut said = Said::default();
    let mut ticks = interval(LOOK_EVERY);
    loop {
        tokio::select! {
            _ = ctrl_c() => return Ok(Err(Interrupted)),
            _ = ticks.tick() => {}
        }
        let look = door.look(run_id, said.lines + 1).await?;
        let is_whole = look.lines.is_empty() || !aloud;
        said.print(&look, aloud);
        if let Some(code) = outcome(&look)
            && is_whole
        {
            if let Some(message) = look.message.filter(|_| look.status != "success") {
                eprintln!("{run_id} {}: {message}", look.status);
            } else {
                eprintln!("{run_id} {}", look.status);
            }
            return Ok(Ok(code));
        }
    }
}

impl Said {
    /// Lines go to standard output, events to standard error: the log alone can be piped.
    fn print(&mut self, look: &Look, aloud: bool) {
        let mut output = std::io::stdout().lock();
        for (number, at, message) in &look.events {
            if self.events.insert(*number) && aloud {
                eprintln!("{}  {message}", at.format("%H:%M:%S"));
            }
        }
        for (line, step, text) in &look.lines {
            self.lines = *line;
            if aloud {
                let _ = writeln!(output, "{step} | {text}");
            }
        }
    }
}

/// 0 for success, 1 for failed, 3 for canceled; none while it goes on.
fn outcome(look: &Look) -> Option<ExitCode> {
    match look.status.parse().ok()? {
        RunStatus::Success => Some(ExitCode::SUCCESS),
        RunStatus::Failed => Some(ExitCode::from(1)),
        RunStatus::Canceled => Some(ExitCode::from(3)),
        RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_end_has_an_outcome() {
        let look = |status: &str| {
            let look = Look {
                status: status.to_owned(),
                message: None,
                lines: Vec::new(),
                events: Vec::new(),
            };
            outcome(&look).map(|code| format!("{code:?}"))
        };
        assert_eq!(look("running"), None);
        assert_eq!(look("success"), Some(format!("{:?}", ExitCode::SUCCESS)));
        assert_eq!(look("canceled"), Some(format!("{:?}", ExitCode::from(3))));
    }
}
