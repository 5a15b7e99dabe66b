//! A worker that vanishes, freezes or is told to go: the run goes on, nothing is lost or doubled.

use crate::scene::Scene;
use rustix::process::Signal;

const STATUS: &str = "select status from public.runs";

/// Two steps: one leaves a mark and ends, one begins, says so, and works on until told to end.
fn two_steps(scene: &Scene) -> Vec<(&'static str, String)> {
    let folder = scene.folder().display();
    vec![
        ("first", format!("echo done >> {folder}/first")),
        (
            "second",
            format!(
                "echo $RUNBOARD_ATTEMPT >> {folder}/second\nwhile ! test -e {folder}/go; do sleep 0.1; done\necho end >> {folder}/end"
            ),
        ),
    ]
}

/// The whole state of the runs, without who is alive.
async fn runs_told(scene: &Scene) -> String {
    let state = testkit::snapshot_runs(scene.db.pool()).await;
    state
        .lines()
        .filter(|line| !line.starts_with("worker "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_workers_run_is_finished_by_another_at_the_interrupted_step() {
    let scene = Scene::new().await;
    let mut doomed = scene.worker("doomed");
    scene.enqueue(&two_steps(&scene), 1).await;
    scene.until_trace("second").await;

    doomed.signal(Signal::KILL);
    doomed.wait();
    let _heir = scene.worker("heir");
    scene.until("select attempt::text from public.runs", "2").await;
    std::fs::write(scene.folder().join("go"), "").expect("a trace");
    scene.until(STATUS, "success").await;

    assert_eq!(scene.trace("first"), ["done"], "the finished step ran once");
    assert_eq!(
        scene
            .ask("select string_agg(outcome, ' ' order by attempt) from public.run_attempts")
            .await,
        "lost success"
    );
    assert_eq!(
        scene
            .ask("select string_agg(step || ' ' || status, ', ' order by lease_seq, position) from public.run_steps")
            .await,
        "first success, second lost, second success"
    );
    assert_eq!(
        scene
            .ask("select count(*) from public.run_events where kind = 'success'")
            .await,
        "1"
    );
    assert_eq!(scene.ask("select crash_count from public.runs").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_worker_that_wakes_after_its_lease_changes_nothing() {
    let scene = Scene::new().await;
    let zombie = scene.worker("zombie");
    scene.enqueue(&two_steps(&scene), 1).await;
    scene.until_trace("second").await;

    zombie.signal(Signal::STOP);
    let _heir = scene.worker("heir");
    scene.until("select attempt::text from public.runs", "2").await;
    std::fs::write(scene.folder().join("go"), "").expect("a trace");
    scene.until(STATUS, "success").await;
    let before = runs_told(&scene).await;
    zombie.signal(Signal::CONT);
    // The zombie has noticed when it beats again as a worker without runs.
    scene.until("select count(*) from public.workers where name = 'zombie' and heartbeat_at > (select max(finished_at) from public.runs)", "1").await;

    assert_eq!(runs_told(&scene).await, before);
    assert_eq!(
        scene
            .ask("select count(*) from public.run_attempts where outcome = 'success'")
            .await,
        "1"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_worker_gives_its_run_back_without_penalty() {
    let scene = Scene::new().await;
    let mut leaving = scene.worker("leaving");
    scene.enqueue(&two_steps(&scene), 1).await;
    scene.until_trace("second").await;

    leaving.signal(Signal::TERM);
    assert!(leaving.wait(), "an orderly stop exits with 0");
    assert_eq!(
        scene
            .ask("select status || ' ' || crash_count || ' ' || attempt from public.runs")
            .await,
        "queued 0 0"
    );
    assert_eq!(
        scene
            .ask("select (stopped_at is not null)::text from public.workers")
            .await,
        "true"
    );

    let _next = scene.worker("next");
    std::fs::write(scene.folder().join("go"), "").expect("a trace");
    scene.until(STATUS, "success").await;
    assert_eq!(scene.trace("first"), ["done"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_ends_the_whole_process_group_and_keeps_the_log() {
    let scene = Scene::new().await;
    let _worker = scene.worker("worker");
    let folder = scene.folder().display().to_string();
    let script = format!(
        "echo before the cancel\n( while true; do date +%s%N > {folder}/alive; sleep 0.05; done ) &\ntouch {folder}/begun\nwait"
    );
    let run = scene.enqueue(&[("work", script)], 1).await;
    scene.until_trace("begun").await;

    scene
        .ask(&format!("select public.cancel_run('{run}', 'enough') ->> 'outcome'"))
        .await;
    scene.until(STATUS, "canceled").await;

    let last = scene.trace("alive");
    for _ in 0..6 {
        crate::scene::pause().await;
    }
    assert_eq!(scene.trace("alive"), last, "the grandchild is gone");
    assert_eq!(
        scene
            .ask("select count(*) from public.run_log_chunks where lines like '%before the cancel%'")
            .await,
        "1"
    );
    assert_eq!(
        scene.ask("select string_agg(status, ' ') from public.run_steps").await,
        "canceled"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_kills_every_worker_is_failed_as_worker_lost() {
    let scene = Scene::new().await;
    let run = scene
        .enqueue(&[("poison", "kill -9 $PPID; sleep 60".to_owned())], 1)
        .await;
    let mut victim = scene.worker("victim-1");
    let mut victims = 1;
    while scene.ask(STATUS).await != "failed" {
        if victim.has_ended() {
            assert!(victims < 6, "the poison goes round\n{}", scene.story().await);
            victims += 1;
            victim = scene.worker(&format!("victim-{victims}"));
        }
        crate::scene::pause().await;
    }
    assert_eq!(
        scene.ask("select reason || ' ' || crash_count from public.runs").await,
        "worker_lost 3",
        "{run}"
    );
}
