//! Looking again and again until the database can be used.

use super::{Setup, migration};
use std::time::Duration;
use tokio::time::timeout;

/// While it may come up by itself, or be migrated by somebody else.
const SOON: Duration = Duration::from_secs(2);
/// While a person must do something: a login that is refused is a line in the log of Postgres each time.
const LATER: Duration = Duration::from_secs(30);

/// Returns when the server can serve from the address in use.
pub(super) async fn until_ready(setup: &Setup) {
    let mut said = String::new();
    let mut has_begun = false;
    loop {
        let url = setup.database_url();
        if let Some(url) = &url
            && !setup.migration().is_running()
            && runs::setup::ready(url).await
        {
            return;
        }
        let look = setup.look().await;
        let reason = setup.reason();
        if reason != said {
            tracing::warn!("Runboard cannot serve yet: {reason}.");
            said = reason;
        }
        if let Some(look) = &look
            && setup.migrates()
            && !has_begun
            && look.may_migrate()
            && look.ledger.as_ref().is_some_and(|ledger| !ledger.is_current())
        {
            has_begun = true;
            migration::begin(setup);
        }
        let may_pass = look
            .as_ref()
            .is_some_and(|look| look.failure.as_ref().is_none_or(db::setup::Failure::is_passing));
        // Who changes something on a page wakes it up.
        let _ = timeout(if may_pass { SOON } else { LATER }, setup.nudged()).await;
    }
}
