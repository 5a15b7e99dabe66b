//! `/setup/migrate`.

use super::page;
use crate::setup::{Setup, migration};
use app::setup::{MigrateView, Outcome};
use axum::{
    extract::{Query, State},
    response::{Redirect, Response},
};
use http::HeaderMap;
use runs::setup::{Check, Ledger, Look};
use serde::Deserialize;
use std::time::Duration;

const REFRESH_SECONDS: u32 = 1;

/// Whether the page is to stay as it is.
#[derive(Deserialize)]
pub(in crate::setup) struct Still {
    pub(super) still: Option<String>,
}

/// How it stands.
pub(in crate::setup) async fn show(
    State(setup): State<Setup>,
    Query(still): Query<Still>,
    headers: HeaderMap,
) -> Response {
    let log = setup.migration().log();
    // While it goes on, what is pending is a moving target, and the ledger may be locked.
    let is_running = log.as_ref().is_some_and(|log| log.outcome.is_none());
    let look = if is_running { setup.seen() } else { setup.look().await };
    let frame = setup.frame(&headers, look.as_deref()).await;
    let outcome = match log.as_ref().map(|log| &log.outcome) {
        Some(None) => Outcome::Running,
        // Somebody else may have applied the rest, or brought a newer program.
        Some(Some(Err(check))) if !is_current(look.as_deref()) => Outcome::Failed(check.clone()),
        _ => stands(look.as_deref()),
    };
    let is_fresh = is_running && still.still.is_none();
    let view = MigrateView {
        outcome,
        done: log.as_ref().map_or((0, 0), |log| log.done),
        took: log.as_ref().map_or(Duration::ZERO, super::super::migration::Log::took),
        lines: log.map(|log| log.lines).unwrap_or_default(),
        is_fresh,
    };
    page(app::setup::migrate(&frame, view), is_fresh.then_some(REFRESH_SECONDS))
}

/// Begins; a second click finds the migration of the first.
pub(in crate::setup) async fn begin(State(setup): State<Setup>) -> Redirect {
    let look = setup.look().await;
    if look.is_some_and(|look| look.may_migrate() && !is_current(Some(&look))) {
        migration::begin(&setup);
    }
    Redirect::to("/setup/migrate")
}

fn is_current(look: Option<&Look>) -> bool {
    look.and_then(|look| look.ledger.as_ref())
        .is_some_and(Ledger::is_current)
}

fn stands(look: Option<&Look>) -> Outcome {
    let Some(look) = look else {
        let todo = "Say where it is.";
        return Outcome::Blocked(vec![Check::broken(
            "database",
            "There is no address of a database.",
            todo,
        )]);
    };
    if is_current(Some(look)) {
        return Outcome::Done;
    }
    if look.may_migrate() {
        return Outcome::Ready(look.ledger.as_ref().map_or(0, |ledger| ledger.pending.len()));
    }
    let found = [&look.entrance].into_iter().chain(&look.rights);
    let found = found.chain(look.shape.iter().filter(|check| check.name != "migrations"));
    Outcome::Blocked(found.filter(|check| check.is_broken()).cloned().collect())
}
