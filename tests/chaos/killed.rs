//! Workers that are killed: what they held runs elsewhere within the promised time.

use runboard_tests::{
    fleet::{Launch, WorkerProcess},
    pause,
    site::Site,
};
use rustix::process::Signal;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_held_goes_on_elsewhere() {
    let site = Site::new().await;
    let watch = site.watch().await;
    let mut fleet = site.fleet(3);
    site.until("select count(*) from public.workers", "3").await;
    site.enqueue("work", 40, 0.4).await;
    // One worker may hold all that the lane gives: whoever it is, it dies.
    let holder = "select min(w.name) from runboard_internal.run_leases as l join public.workers as w on w.worker_id = l.worker_id";
    site.until(&format!("select ({holder}) is not null"), "true").await;
    let name = site.ask(holder).await;
    let victim = name[1..].parse::<usize>().expect("a number behind the w") - 1;
    site.fault();
    fleet[victim].signal(Signal::KILL);
    fleet[victim].wait();
    site.settle().await;
    let report = site.conclude("kill -9", 40, watch).await;
    assert!(report.lost_attempts >= 1, "{report}");
    // Lease 2 s, sweep 0.5 s, backoff 0.2 s: with the usual 20, 5 and 1 this is the promised 30.
    assert!(report.recovered_in_s.is_some_and(|seconds| seconds < 8.0), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_are_killed_one_after_the_other_lose_nothing() {
    let site = Site::new().await;
    site.set("max_crashes", 20).await;
    let watch = site.watch().await;
    let mut fleet = site.fleet(3);
    site.enqueue("work", 60, 0.3).await;
    for turn in 0..6 {
        pause(700).await;
        let victim = &mut fleet[turn % 3];
        site.fault();
        victim.signal(Signal::KILL);
        victim.wait();
        *victim = site.worker(&Launch::named(&format!("again {turn}")));
    }
    site.settle().await;
    let report = site.conclude("kill -9 again and again", 60, watch).await;
    assert_eq!(report.outcomes, "success 60");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_run_is_failed_and_the_others_succeed() {
    let site = Site::new().await;
    site.template(
        "poison",
        json!([{"id": "poison", "kind": "shell", "with": {"script": "kill -9 $PPID; sleep 60"}}]),
        json!({}),
    )
    .await;
    let watch = site.watch().await;
    // One slot each: the poison takes nobody with it.
    let start = |number: usize| site.worker(&Launch::named(&format!("w{number}")).slots(1));
    let mut fleet: Vec<WorkerProcess> = (0..2).map(start).collect();
    site.enqueue("poison", 1, 0.0).await;
    site.enqueue("work", 20, 0.05).await;
    let mut deaths = 0;
    while site
        .ask("select count(*) from public.runs where finished_at is null")
        .await
        != "0"
    {
        for worker in &mut fleet {
            if worker.has_ended() {
                deaths += 1;
                site.fault();
                assert!(deaths < 8, "the poison goes round\n{}", site.story().await);
                *worker = start(10 + deaths);
            }
        }
        pause(50).await;
    }
    let report = site.conclude("a poison run", 21, watch).await;
    assert_eq!(report.outcomes, "failed 1 + success 20");
    assert_eq!(
        site.ask("select reason || ' ' || crash_count from public.runs where status = 'failed'")
            .await,
        "worker_lost 3"
    );
}
