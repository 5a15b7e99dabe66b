//! Real processes, real signals, real Postgres, and everything that goes wrong in a machine room.
//!
//! Each scenario prints one line and proves the same three things: no run lost, no run completed twice,
//! nothing that must hold broken at any moment.

mod canceled;
mod clients;
#[cfg(target_os = "linux")]
mod clock;
mod crowd;
mod first_release;
mod flood;
mod frozen;
mod killed;
mod limits;
mod postgres;
mod server;
mod upkeep;
mod wire;

use runboard_tests::site::Site;

/// Waits until the worker `name` holds at least `count` runs.
async fn until_holds(site: &Site, name: &str, count: usize) {
    site.until(
        &format!(
            "select count(*) >= {count} from runboard_internal.run_leases as l
             join public.workers as w on w.worker_id = l.worker_id where w.name = '{name}'"
        ),
        "true",
    )
    .await;
}

/// Waits until so many runs have succeeded.
async fn until_done(site: &Site, count: usize) {
    site.until(
        &format!("select count(*) >= {count} from public.runs where status = 'success'"),
        "true",
    )
    .await;
}

/// Waits until the worker `name` was heard after `moment`, a time in the words of [`now`].
async fn until_heard(site: &Site, name: &str, moment: &str) {
    site.until(
        &format!("select bool_or(heartbeat_at > '{moment}') from public.workers where name = '{name}'"),
        "true",
    )
    .await;
}

/// The database's time.
async fn now(site: &Site) -> String {
    site.ask("select clock_timestamp()").await
}

/// Everything that attempts left, as one number: it changes when anything is written.
async fn fingerprint(site: &Site) -> String {
    site.ask(
        "select md5(concat(
           (select string_agg(r::text, '' order by run_id) from public.runs as r),
           (select string_agg(a::text, '' order by run_id, lease_seq) from public.run_attempts as a),
           (select string_agg(s::text, '' order by run_id, lease_seq, step) from public.run_steps as s),
           (select string_agg(e::text, '' order by run_id, lease_seq, seq) from public.run_events as e),
           (select string_agg(c::text, '' order by run_id, lease_seq, seq) from public.run_log_chunks as c)))",
    )
    .await
}
