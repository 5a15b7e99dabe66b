//! The server sweeps too: an installation whose workers all speak HTTP has nobody else who would.

use db::queue;
use runs::Services;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Runs recovered by one call.
const BATCH: i32 = 100;
/// When the setting cannot be read.
const USUAL: Duration = Duration::from_secs(5);

/// Recovers what dead workers held, until it is stopped. Any number of sweepers may work side by side.
pub(crate) async fn run(services: Services, stop: CancellationToken) {
    let mut pause = USUAL;
    while timeout(pause, stop.cancelled()).await.is_err() {
        match sweep(&services).await {
            Ok(next) => pause = next,
            Err(error) => {
                tracing::warn!("the sweep failed: {}", crate::error::chain(&error));
                pause = USUAL;
            }
        }
    }
}

/// Sweeps once and answers how long to wait for the next time.
async fn sweep(services: &Services) -> db::Result<Duration> {
    let mut conn = services.pool().acquire().await?;
    let swept = queue::sweep_stuck_runs(&mut conn, BATCH).await?;
    if swept != queue::Swept::default() {
        tracing::info!(runs.recovered = swept.recovered, runs.failed = swept.failed, "swept");
    }
    let millis = db::settings::value(&mut conn, "sweep").await?;
    Ok(millis.map_or(USUAL, |millis| Duration::from_millis(millis.unsigned_abs().into())))
}
