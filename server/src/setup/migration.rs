//! Applying the migrations beside the pages that watch it.

use super::Setup;
use app::setup::LineView;
use runs::setup::{Broken, Check, Note, apply, broken, connect, entrance};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The migration of this start, and its log.
#[derive(Default)]
pub(super) struct Migration(Mutex<Option<Log>>);

/// What happened so far.
#[derive(Clone)]
pub(super) struct Log {
    /// Oldest first.
    pub(super) lines: Vec<LineView>,
    /// Applied, and in all.
    pub(super) done: (usize, usize),
    /// How it ended; `None` while it goes on.
    pub(super) outcome: Option<Result<(), Check>>,
    began: Instant,
    took: Option<Duration>,
}

impl Log {
    /// How long it took, or takes so far.
    pub(super) fn took(&self) -> Duration {
        self.took.unwrap_or_else(|| self.began.elapsed())
    }

    fn note(&mut self, note: Note) {
        if let Some(last) = self.lines.last_mut()
            && last.took.is_none()
        {
            last.took = Some(match note {
                Note::Applied { took, .. } => took,
                _ => self.began.elapsed(),
            });
        }
        let text = match note {
            Note::Waiting => "Waiting for the turn: only one server migrates at a time".to_owned(),
            Note::Begun { pending } => {
                self.done.1 = pending;
                return;
            }
            Note::Applying { version, description } => format!("{version} {description}"),
            Note::Applied { .. } => {
                self.done.0 += 1;
                return;
            }
        };
        self.lines.push(LineView {
            text,
            took: None,
            is_broken: false,
        });
    }

    fn end(&mut self, outcome: Result<(), Check>) {
        if let Some(last) = self.lines.last_mut().filter(|last| last.took.is_none()) {
            last.is_broken = outcome.is_err();
            last.took = Some(self.began.elapsed());
        }
        self.took = Some(self.began.elapsed());
        self.outcome = Some(outcome);
    }
}

impl Migration {
    /// What happened so far; `None` before it began.
    pub(super) fn log(&self) -> Option<Log> {
        self.held().clone()
    }

    /// Whether it goes on.
    pub(super) fn is_running(&self) -> bool {
        self.held().as_ref().is_some_and(|log| log.outcome.is_none())
    }

    /// Whether it was ever begun.
    pub(super) fn has_begun(&self) -> bool {
        self.held().is_some()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Log>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Log)) {
        if let Some(log) = self.held().as_mut() {
            change(log);
        }
    }
}

/// Begins, unless it goes on already. It does not end with the request that asked for it.
pub(super) fn begin(setup: &Setup) {
    let Some(url) = setup.database_url() else { return };
    {
        let mut held = setup.migration().held();
        if held.as_ref().is_some_and(|log| log.outcome.is_none()) {
            return;
        }
        *held = Some(Log {
            lines: Vec::new(),
            done: (0, 0),
            outcome: None,
            began: Instant::now(),
            took: None,
        });
    }
    let setup = setup.clone();
    tokio::spawn(async move {
        let outcome = work(&setup, &url).await;
        match &outcome {
            Ok(()) => tracing::info!("The migrations are applied."),
            Err(check) => tracing::error!("The migrations stopped. {}", check.says),
        }
        setup.migration().change(|log| log.end(outcome));
        setup.nudge();
    });
}

async fn work(setup: &Setup, url: &str) -> Result<(), Check> {
    let mut conn = connect(url)
        .await
        .map_err(|failure| entrance(&failure, runs::setup::Address::read(url).as_ref()))?;
    let mut tell = |note: Note| {
        if let Note::Applying { version, description } = &note {
            tracing::info!(migration.version = version, "Applying: {description}");
        }
        setup.migration().change(|log| log.note(note));
    };
    let applied: Result<usize, Broken> = apply(&mut conn, &mut tell).await;
    applied.map(drop).map_err(|error| broken(&error))
}
