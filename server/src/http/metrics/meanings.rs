//! What each meter means, as Prometheus shows it.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Tells the recorder the meaning and unit of everything that is measured.
pub(super) fn describe() {
    describe_counter!(
        "runboard_http_requests_total",
        Unit::Count,
        "Requests that this server answered."
    );
    describe_histogram!(super::LATENCY, Unit::Seconds, "How long answers took.");

    describe_counter!(
        "runboard_claims_total",
        Unit::Count,
        "Claims since the installation was made."
    );
    describe_counter!(
        "runboard_runs_finished_total",
        Unit::Count,
        "Runs that ended since the installation was made."
    );
    describe_counter!(
        "runboard_runs_recovered_total",
        Unit::Count,
        "Attempts taken from a worker that vanished, since the installation was made."
    );

    describe_gauge!(
        "runboard_runs",
        Unit::Count,
        "Runs that are running, queued or deferred."
    );
    describe_gauge!("runboard_lane_paused", "1 while the lane is paused.");
    describe_gauge!(
        "runboard_lane_oldest_age_seconds",
        Unit::Seconds,
        "How long the oldest queued run of the lane has waited."
    );
    describe_gauge!(
        "runboard_queue_oldest_age_seconds",
        Unit::Seconds,
        "How long the oldest queued run of all lanes has waited."
    );
    describe_gauge!(
        "runboard_workers",
        Unit::Count,
        "Workers, by whether they were heard in time."
    );
    describe_gauge!(
        "runboard_worker_slots",
        Unit::Count,
        "Slots of the workers that were heard in time."
    );
    describe_gauge!("runboard_runs_stuck", Unit::Count, "Running runs whose lease is over.");
    describe_gauge!(
        "runboard_runs_failed_24h",
        Unit::Count,
        "Runs that failed in the last 24 hours."
    );
    describe_gauge!(
        "runboard_runs_finished_24h",
        Unit::Count,
        "Runs that ended in the last 24 hours."
    );
    describe_gauge!(
        "runboard_runs_recovered_24h",
        Unit::Count,
        "Attempts taken from a worker that vanished, in the last 24 hours."
    );
    describe_gauge!(
        "runboard_recent_step_seconds",
        Unit::Seconds,
        "How long the steps of the runs that ended last took, by kind and quantile."
    );
    describe_gauge!(
        "runboard_recent_steps",
        Unit::Count,
        "Steps behind runboard_recent_step_seconds."
    );
    describe_gauge!(
        "runboard_notify_queue_used_ratio",
        "Part of the notification queue of Postgres that is full."
    );
    describe_gauge!(
        "runboard_live_connections",
        Unit::Count,
        "Listeners of the live stream."
    );
    describe_gauge!(
        "runboard_db_connections",
        Unit::Count,
        "Connections to Postgres of this server."
    );
    describe_gauge!(
        "runboard_db_connections_idle",
        Unit::Count,
        "Connections to Postgres that nobody uses now."
    );
}
