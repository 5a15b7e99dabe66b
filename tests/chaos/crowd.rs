//! Many hands, no fault: each run is done once and no lane is ever over its limit.

use crate::until_holds;
use futures::future::join_all;
use runboard_tests::{fleet::Launch, pause, site::Site};
use rustix::process::Signal;

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_one_lane() {
    let site = Site::new().await;
    site.db
        .execute("update public.lanes set max_running = 3 where name = 'B'")
        .await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    site.enqueue("work", 40, 0.05).await;
    site.settle().await;
    let report = site.conclude("two workers on one lane", 40, watch).await;
    assert_eq!(report.outcomes, "success 40");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_workers_share_a_hundred_runs() {
    let site = Site::new().await;
    let watch = site.watch().await;
    let _fleet = site.fleet(10);
    site.enqueue("work", 100, 0.05).await;
    site.settle().await;
    let report = site.conclude("ten workers and a hundred runs", 100, watch).await;
    assert_eq!(report.outcomes, "success 100");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sweepers_recover_each_run_of_a_frozen_worker_once() {
    let site = Site::new().await;
    let watch = site.watch().await;
    let frozen = site.worker(&Launch::named("frozen"));
    site.enqueue("work", 4, 3.0).await;
    until_holds(&site, "frozen", 4).await;
    site.fault();
    frozen.signal(Signal::STOP);
    // As many as ten workers that all sweep at the same moment.
    let sweeps = join_all((0..10).map(|_| async {
        for _ in 0..40 {
            site.ask("select public.sweep_stuck_runs(100)").await;
            pause(100).await;
        }
    }));
    let rescue = async {
        let _heirs = [
            site.worker(&Launch::named("heir 1")),
            site.worker(&Launch::named("heir 2")),
        ];
        site.settle().await;
    };
    futures::join!(sweeps, rescue);
    frozen.signal(Signal::CONT);
    let report = site.conclude("ten sweepers", 4, watch).await;
    assert_eq!((report.lost_attempts, report.outcomes.as_str()), (4, "success 4"));
}
