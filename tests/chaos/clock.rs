//! Workers whose clocks are an hour off: only the database's clock counts.

use runboard_tests::{fleet::Launch, site::Site};
use std::{fs, path::PathBuf};

/// The library that shifts a process's clock.
fn faketime() -> PathBuf {
    let libraries = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut found = libraries.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"));
    found
        .find(|path| path.exists())
        .expect("libfaketime is missing: run script/bootstrap --test")
}

fn shifted(name: &str, by: &str) -> Launch {
    Launch::named(name)
        .env("LD_PRELOAD", &faketime().display().to_string())
        .env("FAKETIME", by)
        // Waiting is measured by a clock that no skew touches.
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_are_an_hour_off_change_nothing() {
    let site = Site::new().await;
    // Room for all three: each holds what it can.
    site.db
        .execute("update public.lanes set max_running = 12 where name = 'B'")
        .await;
    let watch = site.watch().await;
    let _fleet = [
        site.worker(&shifted("early", "-1h")),
        site.worker(&shifted("late", "+1h")),
        site.worker(&Launch::named("right")),
    ];
    site.until("select count(*) from public.workers", "3").await;
    // Longer than the lease, so that heartbeats have to renew it.
    site.enqueue("work", 12, 3.0).await;
    site.enqueue("work", 20, 0.1).await;
    site.settle().await;
    assert_eq!(
        site.ask("select string_agg(distinct worker_name, ' ' order by worker_name) from public.run_attempts")
            .await,
        "early late right"
    );
    let report = site.conclude("worker clocks one hour off", 32, watch).await;
    assert_eq!((report.lost_attempts, report.outcomes.as_str()), (0, "success 32"));
}
