//! Processes that stand still past the lease and wake up: they change nothing.

use crate::{fingerprint, now, until_done, until_heard, until_holds};
use runboard_tests::{fleet::Launch, pause, site::Site};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection, Executor, PgConnection};

/// A backend of a worker that writes and waits for a lock.
const WAITING_WRITE: &str = "select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%write_runs%' limit 1";

#[tokio::test(flavor = "multi_thread")]
async fn a_zombie_changes_nothing() {
    let site = Site::new().await;
    let watch = site.watch().await;
    let zombie = site.worker(&Launch::named("zombie"));
    site.enqueue("work", 30, 0.5).await;
    until_holds(&site, "zombie", 4).await;
    site.fault();
    zombie.signal(Signal::STOP);
    let _heirs = [
        site.worker(&Launch::named("heir 1")),
        site.worker(&Launch::named("heir 2")),
    ];
    site.settle().await;
    let (before, moment) = (fingerprint(&site).await, now(&site).await);
    zombie.signal(Signal::CONT);
    until_heard(&site, "zombie", &moment).await;
    assert_eq!(fingerprint(&site).await, before, "the zombie wrote");
    let report = site.conclude("SIGSTOP past the lease, SIGCONT", 30, watch).await;
    assert!(report.lost_attempts >= 4, "{report}");
    assert_eq!(report.outcomes, "success 30");
}

/// Holds the row of the only lease until the worker's completion waits for it.
async fn hold_the_lease_until_it_is_wanted(site: &Site) -> PgConnection {
    let mut holder = PgConnection::connect(site.db.url()).await.expect("a connection");
    until_holds(site, "writer", 1).await;
    holder
        .execute("begin; select from runboard_internal.run_leases for update")
        .await
        .expect("the lease is locked");
    site.until(&format!("select count(*) from ({WAITING_WRITE}) as w"), "1")
        .await;
    holder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_freezes_in_the_middle_of_a_write_completes_once() {
    let site = Site::new().await;
    let watch = site.watch().await;
    let writer = site.worker(&Launch::named("writer").slots(1));
    site.enqueue("work", 8, 0.5).await;
    let mut holder = hold_the_lease_until_it_is_wanted(&site).await;
    site.fault();
    writer.signal(Signal::STOP);
    holder.execute("rollback").await.expect("the lock is given up");
    let _heir = site.worker(&Launch::named("heir"));
    site.settle().await;
    let (before, moment) = (fingerprint(&site).await, now(&site).await);
    writer.signal(Signal::CONT);
    until_heard(&site, "writer", &moment).await;
    assert_eq!(fingerprint(&site).await, before, "the zombie wrote");
    let report = site.conclude("frozen in the middle of a write", 8, watch).await;
    assert_eq!(report.outcomes, "success 8");
}

/// Backends of workers.
const BACKENDS: &str = "select string_agg(pid::text, ' ') from pg_stat_activity
    where datname = current_database() and application_name = 'runboard worker' and state = 'idle'";

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_backends_all_stand_still_goes_on_through_new_ones() {
    let site = Site::on_its_own_postgres("").await;
    let watch = site.watch().await;
    let _only = site.worker(&Launch::named("only").slots(2));
    site.enqueue("work", 12, 0.3).await;
    until_done(&site, 2).await;
    site.fault();
    let frozen: Vec<Pid> = site
        .ask(BACKENDS)
        .await
        .split(' ')
        .filter_map(|pid| pid.parse().ok().and_then(Pid::from_raw))
        .collect();
    assert!(!frozen.is_empty(), "the worker has connections");
    for backend in &frozen {
        kill_process(*backend, Signal::STOP).expect("the backend is alive");
    }
    site.settle().await;
    let before = fingerprint(&site).await;
    // What they were asked before they were given up, they do now.
    for backend in &frozen {
        kill_process(*backend, Signal::CONT).expect("the backend is alive");
    }
    pause(1500).await;
    assert_eq!(fingerprint(&site).await, before, "a backend that woke up wrote");
    let report = site.conclude("all backends of a worker stand still", 12, watch).await;
    assert_eq!(report.outcomes, "success 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_freezes_in_the_middle_of_a_write_holds_up_nobody_else() {
    let site = Site::on_its_own_postgres("").await;
    let watch = site.watch().await;
    let _writer = site.worker(&Launch::named("writer").slots(1));
    site.enqueue("work", 8, 0.5).await;
    let mut holder = hold_the_lease_until_it_is_wanted(&site).await;
    let backend = site.ask(WAITING_WRITE).await.parse().ok().and_then(Pid::from_raw);
    let backend = backend.expect("a process id");
    site.fault();
    kill_process(backend, Signal::STOP).expect("the backend is alive");
    holder.execute("rollback").await.expect("the lock is given up");
    let _heir = site.worker(&Launch::named("heir"));
    until_done(&site, 7).await;
    kill_process(backend, Signal::CONT).expect("the backend is alive");
    site.settle().await;
    let report = site.conclude("a frozen backend", 8, watch).await;
    assert_eq!(report.outcomes, "success 8");
}
