//! The secrets that a step names.

use super::Attempt;
use crate::{pace, steps::StepError};
use db::pool::{self, LONGEST_ANSWER};
use domain::Step;
use runs::{
    secrets::{self, SecretError},
    template,
};
use std::collections::BTreeMap;

/// Their values, which are hidden from now on in all that the run says. A database that is away is waited for: it
/// is no fault of the step.
pub(super) async fn values(attempt: &Attempt<'_>, step: &Step<String>) -> Result<BTreeMap<String, String>, StepError> {
    let names = template::secrets_of(step);
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let shared = attempt.shared;
    let key = shared.key.get().map_err(StepError::no_key)?;
    let mut failures = 0;
    loop {
        let asked = pool::ask(&shared.pool, LONGEST_ANSWER, async |conn| {
            secrets::get_many(conn, &key, &names).await
        });
        match asked.await {
            Ok(values) => {
                attempt.journal.hide(values.values());
                return Ok(values);
            }
            Err(SecretError::Db(error)) if error.is_unavailable() => {
                failures += 1;
                tokio::select! {
                    () = pace::pause(pace::reconnect_wait(failures)) => {}
                    _ = attempt.stop.requested() => return Err(StepError::stopped()),
                }
            }
            Err(error) => {
                let hint = match &error {
                    SecretError::Missing { .. } => "An administrator can add it; check its name in the template.",
                    SecretError::OtherKey { .. } => "Start the worker with the key file of the server.",
                    _ => "The log of the worker has the details.",
                };
                return Err(StepError::words("missing_secret", error.to_string())
                    .hint(hint)
                    .caused_by(error));
            }
        }
    }
}
