//! Every worker looks for runs whose worker is gone: the repair needs no leader.

use crate::{life::Life, pace};
use db::{
    Pool,
    pool::{self, LONGEST_ANSWER},
    queue,
};

/// Runs repaired in one pass.
const MOST: i32 = 100;

/// Sweeps for ever.
pub(crate) async fn keep_sweeping(db: &Pool, life: &Life) {
    loop {
        pace::pause(pace::jittered(life.sweep_every())).await;
        let swept = pool::ask(db, LONGEST_ANSWER, async |conn| {
            queue::sweep_stuck_runs(conn, MOST).await
        });
        match swept.await {
            Ok(swept) if swept.is_any() => tracing::warn!(
                recovered = swept.recovered,
                resumed = swept.resumed,
                failed = swept.failed,
                canceled = swept.canceled,
                "Runs whose lease or time was over were repaired."
            ),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "A sweep failed; the next one follows."),
        }
    }
}
