//! Time and tries are limited, and the limits hold to the number.

use runboard_tests::{fleet::Launch, site::Site};
use rustix::process::Signal;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_ended_at_its_timeout_and_not_before() {
    let site = Site::new().await;
    site.template(
        "slow",
        json!([{"id": "slow", "kind": "shell", "with": {"script": "sleep 1; echo still here; sleep 60"}}]),
        json!({"timeout_seconds": 2, "max_attempts": 2}),
    )
    .await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    site.enqueue("slow", 3, 0.0).await;
    site.enqueue("work", 10, 0.1).await;
    site.settle().await;
    let report = site.conclude("timeouts", 13, watch).await;
    assert_eq!(report.outcomes, "failed 3 + success 10");
    assert_eq!(
        site.ask("select string_agg(distinct reason || ' ' || attempt, ', ') from public.runs where status = 'failed'")
            .await,
        "timeout 2"
    );
    assert_eq!(
        site.ask(
            "select count(*) from public.run_attempts as a join public.runs as r on r.run_id = a.run_id
             where r.status = 'failed' and extract(epoch from a.ended_at - a.claimed_at) not between 2 and 4.5"
        )
        .await,
        "0",
        "an attempt ended before its time or long after it\n{}",
        site.story().await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_workers_run_is_timed_out_or_recovered_by_others() {
    let site = Site::new().await;
    // The time is over long before the lease is.
    site.set("lease", 20_000).await;
    site.template(
        "slow",
        json!([{"id": "slow", "kind": "shell", "with": {"script": "sleep 60"}}]),
        json!({"timeout_seconds": 2, "max_attempts": 1}),
    )
    .await;
    let watch = site.watch().await;
    let frozen = site.worker(&Launch::named("frozen"));
    site.enqueue("slow", 2, 0.0).await;
    crate::until_holds(&site, "frozen", 2).await;
    site.fault();
    frozen.signal(Signal::STOP);
    let _other = site.worker(&Launch::named("other"));
    site.settle().await;
    let moment = crate::now(&site).await;
    frozen.signal(Signal::CONT);
    crate::until_heard(&site, "frozen", &moment).await;
    let report = site.conclude("timeout of a frozen worker's run", 2, watch).await;
    assert_eq!(report.outcomes, "failed 2");
    assert_eq!(
        site.ask("select string_agg(distinct reason, ' ') from public.runs")
            .await,
        "timeout"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_tried_as_often_as_it_may_be_and_no_more() {
    let site = Site::new().await;
    let count = site.folder().join("tries").display().to_string();
    site.template(
        "broken",
        json!([{"id": "broken", "kind": "shell", "retry": {"max_attempts": 1}, "with": {"script": format!("echo $RUNBOARD_RUN_ID >> {count}; exit 75")}}]),
        json!({"max_attempts": 3}),
    )
    .await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    site.enqueue("broken", 5, 0.0).await;
    site.settle().await;
    let report = site.conclude("max_attempts", 5, watch).await;
    assert_eq!(report.outcomes, "failed 5");
    assert_eq!(
        site.ask("select string_agg(distinct attempt::text, ' ') from public.runs")
            .await,
        "3"
    );
    let tries = std::fs::read_to_string(site.folder().join("tries")).expect("traces");
    assert_eq!(tries.lines().count(), 15, "each attempt is one execution");
}
