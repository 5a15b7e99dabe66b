//! The way between worker and Postgres: silent, crowded, or blocked by somebody who forgot to commit.

use crate::until_done;
use runboard_tests::{fleet::Launch, pause, proxy::Proxy, site::Site};
use sqlx::{Connection, Executor, PgConnection};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn a_half_open_listener_is_noticed_and_work_goes_on_meanwhile() {
    let site = Site::on_its_own_postgres("").await;
    let proxy = Proxy::to(site.cluster().port()).await;
    let watch = site.watch().await;
    let _worker = Launch::named("w1").start(&proxy.through(site.db.url()), &site.key_file());
    site.until("select count(*) from public.workers", "1").await;
    while proxy.listener_count() < 1 {
        pause(20).await;
    }
    site.enqueue("work", 4, 0.0).await;
    until_done(&site, 4).await;

    let cut = Instant::now();
    site.fault();
    proxy.silence_listeners();
    let mut enqueued = 4;
    while proxy.listener_count() < 2 {
        assert!(cut.elapsed() < Duration::from_secs(12), "the dead line was not noticed");
        enqueued += 1;
        site.enqueue("work", 1, 0.0).await;
        // Nobody hears of it: the worker looks by itself once a second.
        site.until_within(
            &format!("select count(*) from public.runs where status = 'success' and {enqueued} > 0"),
            &enqueued.to_string(),
            Duration::from_secs(4),
        )
        .await;
    }
    let noticed = cut.elapsed();
    println!(
        "half-open listener: noticed and listening again after {:.1} s",
        noticed.as_secs_f32()
    );
    assert!(noticed <= Duration::from_secs(10), "noticed after {noticed:?}");
    let report = site.conclude("half-open listener", enqueued, watch).await;
    assert_eq!(report.outcomes, format!("success {enqueued}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_without_a_connection_to_be_had_go_on_when_there_is_one() {
    let site = Site::on_its_own_postgres("-c max_connections=24 -c superuser_reserved_connections=0").await;
    site.set("max_crashes", 20).await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    site.enqueue("work", 30, 0.3).await;
    until_done(&site, 3).await;

    // The owner's pool keeps its connections, so it can be asked; every other place is taken.
    site.fault();
    let mut crowd = Vec::new();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) {
        site.ask(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where application_name in ('runboard worker', 'runboard listener') and datname = current_database()",
        )
        .await;
        while let Ok(Ok(guest)) =
            tokio::time::timeout(Duration::from_millis(300), PgConnection::connect(site.db.url())).await
        {
            crowd.push(guest);
        }
        pause(100).await;
    }
    assert!(crowd.len() > 5, "{} places were taken", crowd.len());
    drop(crowd);
    site.settle().await;
    let report = site.conclude("every connection taken for 5 s", 30, watch).await;
    assert_eq!(report.outcomes, "success 30");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_held_open_holds_up_one_run_only() {
    let site = Site::new().await;
    let watch = site.watch().await;
    site.enqueue("work", 60, 0.05).await;
    let mut idle = PgConnection::connect(site.db.url()).await.expect("a connection");
    // It pins every dead row, and one run of the queue with them.
    idle.execute(
        "begin isolation level repeatable read; select count(*) from public.runs;
         select run_id from runboard_internal.run_queue order by seq limit 1 for update",
    )
    .await
    .expect("a transaction");
    site.fault();
    let _fleet = site.fleet(2);
    until_done(&site, 59).await;
    assert_eq!(
        site.ask("select count(*) from public.runs where finished_at is null")
            .await,
        "1"
    );
    idle.execute("rollback").await.expect("the end of it");
    site.settle().await;
    let report = site.conclude("idle in transaction", 60, watch).await;
    assert_eq!(report.outcomes, "success 60");
}
