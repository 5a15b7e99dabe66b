//! What every server does now and then: it sweeps, because an installation whose workers all speak HTTP has
//! nobody else who would, and it reads its limits again.

use crate::state::AppState;
use db::{queue, settings};
use rand::RngExt as _;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Runs recovered by one call.
const BATCH: i32 = 100;
/// When the setting cannot be read.
const USUAL: Duration = Duration::from_secs(5);

/// Goes round until it is stopped. Any number of sweepers may work side by side.
pub(crate) async fn run(state: AppState, stop: CancellationToken) {
    let mut pause = Duration::ZERO;
    // Servers that started together do not stay together.
    while timeout(jittered(pause), stop.cancelled()).await.is_err() {
        match once(&state).await {
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

/// Goes round once and answers how long to wait for the next time.
async fn once(state: &AppState) -> db::Result<Duration> {
    let mut conn = state.services.pool().acquire().await?;
    let mut pause = USUAL;
    let settings = settings::list(&mut conn).await?;
    state.heed(&settings);
    for setting in settings.iter().filter(|setting| setting.key == "sweep") {
        pause = Duration::from_millis(setting.value.unsigned_abs().into());
    }
    let swept = queue::sweep_stuck_runs(&mut conn, BATCH).await?;
    if swept != queue::Swept::default() {
        tracing::info!(
            runs.recovered = swept.recovered,
            runs.resumed = swept.resumed,
            runs.failed = swept.failed,
            runs.canceled = swept.canceled,
            "swept"
        );
    }
    Ok(pause)
}
