//! Postgres itself is hurt in the middle of the work.

use crate::until_done;
use runboard_tests::{pause, site::Site};
use rustix::process::{Pid, Signal, kill_process};
use testkit::StopMode;

const RUNS: usize = 40;

/// A fleet in the middle of its work.
async fn busy() -> (
    Site,
    runboard_tests::watch::Watch,
    Vec<runboard_tests::fleet::WorkerProcess>,
) {
    let site = Site::on_its_own_postgres("").await;
    site.set("max_crashes", 20).await;
    let watch = site.watch().await;
    let fleet = site.fleet(3);
    site.enqueue("work", RUNS, 0.3).await;
    until_done(&site, 5).await;
    (site, watch, fleet)
}

async fn restarted(mode: StopMode, scenario: &str) {
    let (site, watch, _fleet) = busy().await;
    site.fault();
    site.cluster().stop(mode);
    pause(1000).await;
    site.cluster().start_again();
    site.settle().await;
    let report = site.conclude(scenario, RUNS, watch).await;
    assert_eq!(report.outcomes, format!("success {RUNS}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_loses_nothing() {
    restarted(StopMode::Fast, "Postgres restarts").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_the_middle_loses_nothing() {
    restarted(StopMode::Immediate, "Postgres crashes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_is_killed_takes_all_sessions_and_no_run() {
    let (site, watch, _fleet) = busy().await;
    let victim = site
        .ask("select pid from pg_stat_activity where application_name = 'runboard worker' and datname = current_database() limit 1")
        .await;
    let victim = victim.parse().ok().and_then(Pid::from_raw).expect("a process id");
    site.fault();
    // Postgres answers the death of one with the restart of all.
    kill_process(victim, Signal::KILL).expect("the backend is alive");
    pause(1500).await;
    site.settle().await;
    let report = site.conclude("kill -9 of a backend", RUNS, watch).await;
    assert_eq!(report.outcomes, format!("success {RUNS}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_ended_every_second_lose_nothing() {
    let (site, watch, _fleet) = busy().await;
    let mut ended = 0;
    for _ in 0..6 {
        site.fault();
        let count = site
            .ask(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where application_name in ('runboard worker', 'runboard listener') and datname = current_database()",
            )
            .await;
        ended += count.parse::<usize>().expect("a count");
        pause(1000).await;
    }
    assert!(ended > 12, "{ended} sessions were ended");
    site.settle().await;
    let report = site.conclude("pg_terminate_backend once a second", RUNS, watch).await;
    assert_eq!(report.outcomes, format!("success {RUNS}"));
}
