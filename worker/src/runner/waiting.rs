//! Letting a run wait, and going on after it did.

use super::{Shared, failed, failure::Failure};
use crate::{held::Lease, journal::Entry, journal::Journal, pace, steps::Kinds};
use db::{
    DbError,
    pool::{self, LONGEST_ANSWER},
    queue::{self, SettledStep, Wait, WriteOutcome},
};
use domain::Template;
use std::collections::BTreeMap;

/// The wait at which an attempt ends.
#[derive(Debug)]
pub(super) struct Pause {
    pub(super) step: String,
    pub(super) wait: Box<Wait>,
}

/// How steps ended before the run waited; nothing for a template whose steps never wait. `None` when the
/// lease is lost.
pub(super) async fn settled(
    shared: &Shared,
    lease: &Lease,
    template: &Template<String>,
) -> Option<BTreeMap<String, SettledStep>> {
    if !may_wait(&shared.kinds, template) {
        return Some(BTreeMap::new());
    }
    let mut failures = 0;
    loop {
        let asked = pool::ask(&shared.pool, LONGEST_ANSWER, async |conn| {
            queue::settled_steps(conn, &lease.run_id, lease.lease_seq).await
        });
        match asked.await {
            Ok(settled) => return Some(settled),
            Err(error) if error.is_unavailable() && lease.stop.reason().is_none() => {
                failures += 1;
                pace::pause(pace::reconnect_wait(failures)).await;
            }
            Err(error) => {
                tracing::warn!(run.id = lease.run_id, %error, "The steps before the wait cannot be read; the run is left to the sweep.");
                return None;
            }
        }
    }
}

fn may_wait(kinds: &Kinds, template: &Template<String>) -> bool {
    template.steps.iter().any(|step| {
        kinds
            .get(&step.kind)
            .is_some_and(|handler| handler.may_wait(&step.with))
    })
}

/// Lets the run wait, after everything it said has arrived. A database that is away is waited for as long
/// as the lease may live: what was asked for should not be asked for twice.
pub(super) async fn suspend(journal: &Journal, mut pause: Pause, shared: &Shared) {
    let lease = journal.lease();
    if journal.say_and_wait(vec![Entry::Beat]).await == WriteOutcome::Lost {
        return;
    }
    let mask = journal.mask();
    pause.wait.message = pause.wait.message.map(|message| mask.text(&message).into_owned());
    pause.wait.data = pause.wait.data.map(|data| mask.value(data));
    let mut failures = 0;
    loop {
        let suspended = pool::ask(&shared.pool, LONGEST_ANSWER, async |conn| {
            queue::suspend_run(conn, &lease.run_id, lease.lease_seq, &pause.step, &pause.wait).await
        });
        match suspended.await {
            Ok(held) => {
                tracing::info!(
                    run.id = lease.run_id,
                    held,
                    wait.kind = pause.wait.kind.as_str(),
                    "The run waits."
                );
                return;
            }
            Err(error) if error.is_unavailable() && !lease.is_lost() => {
                failures += 1;
                pace::pause(pace::reconnect_wait(failures)).await;
            }
            Err(DbError::Refused { message, hint, .. }) => {
                let failure = Failure {
                    step: Some(pause.step),
                    hint,
                    ..Failure::new("invalid_input", message)
                };
                journal.say_and_wait(vec![failed(&failure, lease)]).await;
                return;
            }
            Err(error) => {
                tracing::error!(run.id = lease.run_id, %error, "The run could not be made to wait; the sweep takes it back.");
                return;
            }
        }
    }
}
