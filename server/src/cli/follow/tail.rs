//! Printing what a run says while it goes.

use super::{Door, Look};
use domain::RunStatus;
use std::{collections::HashSet, io::Write, process::ExitCode, time::Duration};
use tokio::{
    signal::ctrl_c,
    time::{Instant, interval},
};

/// A person reads no faster.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A server that starts again, or a database that changes places, is back before this.
const PATIENCE: Duration = Duration::from_mins(2);

/// How following a run ended.
#[derive(Debug)]
pub(in crate::cli) enum End {
    /// The run has ended.
    Ended(ExitCode),
    /// A person wants to look away; the run goes on.
    Interrupted,
    /// Nobody can tell any more how the run stands.
    Lost(anyhow::Error),
}

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

/// Waits for the end of the run; prints what it says on the way when `aloud`. A look that fails for a while
/// says nothing about the run.
pub(in crate::cli) async fn follow(door: &Door, run_id: &str, aloud: bool) -> End {
    let mut said = Said::default();
    let mut ticks = interval(LOOK_EVERY);
    let mut blind_since = None;
    loop {
        tokio::select! {
            _ = ctrl_c() => return End::Interrupted,
            _ = ticks.tick() => {}
        }
        let look = match door.look(run_id, said.lines + 1).await {
            Ok(look) => look,
            Err(error) if Door::is_passing(&error) => {
                if blind_since.is_none() {
                    eprintln!("{run_id} cannot be seen right now: {error:#}");
                }
                if blind_since.get_or_insert_with(Instant::now).elapsed() >= PATIENCE {
                    return End::Lost(error);
                }
                continue;
            }
            Err(error) => return End::Lost(error),
        };
        blind_since = None;
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
            return End::Ended(code);
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
    use crate::cli::follow::http::Http;
    use axum::{Json, Router};
    use http::{StatusCode, Uri};
    use serde_json::json;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use tokio::net::TcpListener;

    /// A server that answers `failures` times with `status` and then that the run has succeeded.
    async fn server(failures: usize, status: u16) -> Door {
        let left = Arc::new(AtomicUsize::new(failures));
        let answer = move |uri: Uri| async move {
            let take = |left: usize| left.checked_sub(1);
            if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
                return (
                    StatusCode::from_u16(status).unwrap(),
                    Json(json!({"detail": "Not now."})),
                );
            }
            let is_list = uri.path().ends_with("events") || uri.path().ends_with("logs");
            let body = if is_list {
                json!({"items": []})
            } else {
                json!({"status": "success"})
            };
            (StatusCode::OK, Json(body))
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Door::Http(Http::new(&url, "token".to_owned()).unwrap())
    }

    #[tokio::test]
    async fn a_look_that_fails_for_a_while_does_not_end_the_run() {
        let door = server(2, 503).await;
        assert!(matches!(follow(&door, "run", false).await, End::Ended(code) if code == ExitCode::SUCCESS));
    }

    #[tokio::test]
    async fn a_run_that_may_not_be_seen_is_lost_at_once() {
        let door = server(1, 404).await;
        assert!(matches!(follow(&door, "run", false).await, End::Lost(_)));
    }

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
