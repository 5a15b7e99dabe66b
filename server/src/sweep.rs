//! The server sweeps too: an installation whose workers all speak HTTP has nobody else who would.

use db::queue;
use rand::RngExt as _;
use runs::Services;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Runs recovered by one call.
const BATCH: i32 = 100;
/// When the setting cannot be read.
const USUAL: Duration = Duration::from_secs(5);

/// Recovers what dead workers held and ends waits that are over, until it is stopped. Any number of sweepers may work side by side.
pub(crate) async fn run(services: Services, stop: CancellationToken) {
    let mut pause = USUAL;
    // Servers that started together do not stay together.
    while timeout(jittered(pause), stop.cancelled()).await.is_err() {
        match sweep(&services).await {
            Ok(next) => pause = next,
            Err(error) => {
                tracing::warn!("the sweep failed: {}", crate::error::chain(&error));
                pause = USUAL;
            }
        }
    }
}

fn jittered(span: Duration) -> Duration {
    span.mul_f64(rand::rng().random_range(0.8..1.2))
}

/// Sweeps once and answers how long to wait for the next time.
async fn sweep(services: &Services) -> db::Result<Duration> {
    let mut conn = services.pool().acquire().await?;
    let swept = queue::sweep_stuck_runs(&mut conn, BATCH).await?;
    if swept != queue::Swept::default() {
        tracing::info!(
            runs.recovered = swept.recovered,
            runs.resumed = swept.resumed,
            runs.failed = swept.failed,
            "swept"
        );
    }
    let millis = db::settings::value(&mut conn, "sweep").await?;
    Ok(millis.map_or(USUAL, |millis| Duration::from_millis(millis.unsigned_abs().into())))
}
