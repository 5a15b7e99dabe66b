//! `/metrics` for Prometheus: what this server did, and how the queue stands.

mod meanings;

use crate::{error::ApiError, state::AppState};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use db::{
    PgConnection, health,
    reads::{self, LaneRow, Strip},
};
use http::{Method, header};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Instant};

/// The recorder belongs to the process: servers that tests start side by side share it.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

const LATENCY: &str = "runboard_http_request_seconds";
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Makes the recorder, once.
pub fn install() {
    recorder();
}

fn recorder() -> Option<&'static PrometheusHandle> {
    let make = || {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(LATENCY.to_owned()), &BUCKETS);
        let recorder = builder.and_then(PrometheusBuilder::install_recorder).ok();
        meanings::describe();
        recorder
    };
    RECORDER.get_or_init(make).as_ref()
}

/// Counts requests by route and status, and measures how long they took.
pub async fn measure(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = known(request.method());
    // Only routes, never addresses: ids would make a series each.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    counter!("runboard_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    histogram!(LATENCY, "route" => route).record(begun.elapsed().as_secs_f64());
    response
}

/// The method, if it is one that anybody serves: a caller may invent as many as it likes, without a login.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
    ];
    KNOWN
        .into_iter()
        .find(|known| method.as_str() == *known)
        .unwrap_or("other")
}

/// Shows everything that is measured. The state of the queue is read now.
#[utoipa::path(get, path = "/metrics", tag = "operating",
    responses((status = 200, description = "Prometheus text.", content_type = "text/plain", body = String)))]
pub async fn handler(State(state): State<AppState>) -> Result<Response, ApiError> {
    let mut conn = state.services.pool().acquire().await.map_err(db::DbError::from)?;
    let lanes = reads::lanes(&mut conn).await?;
    for lane in &lanes {
        let of_lane = |status: &'static str| gauge!("runboard_runs", "lane" => lane.name.clone(), "status" => status);
        of_lane("running").set(lane.running as f64);
        of_lane("queued").set(lane.queued as f64);
        of_lane("deferred").set(lane.deferred as f64);
        gauge!("runboard_lane_paused", "lane" => lane.name.clone()).set(f64::from(u8::from(lane.paused_at.is_some())));
    }
    queue(&reads::strip_over(&mut conn, &lanes).await?, &state);
    work(&mut conn, &lanes, &state).await?;
    gauge!("runboard_live_connections").set(state.hub.connection_count() as f64);
    let pool = state.services.pool();
    gauge!("runboard_db_connections").set(f64::from(pool.size()));
    gauge!("runboard_db_connections_idle").set(pool.num_idle() as f64);
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response())
}

/// What was done: claims since the installation was made, how long steps took, how full the line of hints is.
async fn work(conn: &mut PgConnection, lanes: &[LaneRow], state: &AppState) -> Result<(), ApiError> {
    for lane in lanes {
        let waited = lane
            .oldest_queued_at
            .map_or(0, |at| (state.services.now() - at).num_milliseconds().max(0));
        gauge!("runboard_lane_oldest_age_seconds", "lane" => lane.name.clone()).set(waited as f64 / 1000.0);
    }
    counter!("runboard_claims_total").absolute(health::claims_ever(conn).await?.unsigned_abs());
    ended(conn, lanes).await?;
    gauge!("runboard_notify_queue_used_ratio").set(health::notify_usage(conn).await?);
    for (kind, median, slow, count) in health::step_times(conn).await? {
        gauge!("runboard_recent_step_seconds", "kind" => kind.clone(), "quantile" => "0.5").set(median);
        gauge!("runboard_recent_step_seconds", "kind" => kind.clone(), "quantile" => "0.95").set(slow);
        gauge!("runboard_recent_steps", "kind" => kind).set(count as f64);
    }
    Ok(())
}

/// Ends since the installation was made; a lane in which nothing has ended yet shows 0, so that its first
/// end is a step that can be seen.
async fn ended(conn: &mut PgConnection, lanes: &[LaneRow]) -> Result<(), ApiError> {
    let meter = |lane: &str, what: &str| match what {
        "recovered" => counter!("runboard_runs_recovered_total", "lane" => lane.to_owned()),
        status => counter!("runboard_runs_finished_total", "lane" => lane.to_owned(), "status" => status.to_owned()),
    };
    for lane in lanes {
        for what in ["success", "failed", "canceled", "recovered"] {
            meter(&lane.name, what).absolute(0);
        }
    }
    for row in health::run_totals(conn).await? {
        meter(&row.lane, &row.what).absolute(row.total.unsigned_abs());
    }
    Ok(())
}

fn queue(strip: &Strip, state: &AppState) {
    let oldest = strip
        .oldest_queued_at
        .map_or(0, |at| (state.services.now() - at).num_milliseconds().max(0));
    gauge!("runboard_queue_oldest_age_seconds").set(oldest as f64 / 1000.0);
    gauge!("runboard_workers", "state" => "fresh").set(strip.workers_fresh as f64);
    gauge!("runboard_workers", "state" => "stale").set(strip.workers_stale as f64);
    gauge!("runboard_worker_slots").set(strip.slots as f64);
    gauge!("runboard_runs_stuck").set(strip.stuck as f64);
    gauge!("runboard_runs_failed_24h").set(strip.failed_24h as f64);
    gauge!("runboard_runs_finished_24h").set(strip.finished_24h as f64);
    gauge!("runboard_runs_recovered_24h").set(strip.recovered_24h as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_method_makes_no_series_of_its_own() {
        assert_eq!(known(&Method::PATCH), "PATCH");
        assert_eq!(known(&Method::from_bytes(b"X123").unwrap()), "other");
        assert_eq!(known(&Method::from_bytes(b"get").unwrap()), "other");
    }
}
