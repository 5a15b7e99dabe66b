//! `explain_wait`: why a run is not running.

use crate::world::{World, refusal};
use db::queue;
use serde_json::{Value, json};

async fn reasons(world: &World, run_id: &str) -> Vec<(String, String)> {
    let answer = queue::explain_wait(&mut *world.conn().await, run_id).await.unwrap();
    let pair = |reason: &Value| {
        let text = |name: &str| reason[name].as_str().unwrap().to_owned();
        (text("code"), text("message"))
    };
    answer["reasons"].as_array().unwrap().iter().map(pair).collect()
}

async fn codes(world: &World, run_id: &str) -> String {
    let codes: Vec<String> = reasons(world, run_id).await.into_iter().map(|(code, _)| code).collect();
    codes.join(" ")
}

#[tokio::test]
async fn without_workers_it_says_so() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    assert_eq!(
        reasons(&world, &run).await[0],
        ("no_worker".to_owned(), "No worker is alive.".to_owned())
    );
}

#[tokio::test]
async fn a_silent_worker_does_not_count() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    world.worker("w1").await;
    assert_eq!(codes(&world, &run).await, "next_in_line");
    world.advance(chrono::Duration::minutes(1)).await;
    assert_eq!(codes(&world, &run).await, "no_worker next_in_line");
}

#[tokio::test]
async fn a_lane_that_nobody_serves_is_named() {
    let world = World::new().await;
    let run = world.run(json!({"lane": "C"})).await;
    world.worker_of("w1", &["A"], &["action"]).await;
    assert_eq!(reasons(&world, &run).await[0].1, "No live worker serves lane C.");
}

#[tokio::test]
async fn kinds_that_nobody_serves_are_named() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    world.worker_of("w1", &["A"], &["shell"]).await;
    assert_eq!(
        reasons(&world, &run).await[0].1,
        "No live worker of lane A can run steps of the kind action."
    );
}

#[tokio::test]
async fn a_pause_is_told_with_its_author_and_reason() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    world.worker("w1").await;
    world.execute("select pause_lane('A', 'migration')").await;
    assert_eq!(
        reasons(&world, &run).await[0],
        (
            "lane_paused".to_owned(),
            "Lane A is paused by system: migration".to_owned()
        )
    );
}

#[tokio::test]
async fn a_full_lane_names_who_fills_it() {
    let world = World::new().await;
    world.execute("update lanes set max_running = 1 where name = 'A'").await;
    world.running(json!({"title": "The big one"})).await;
    let run = world.run(json!({})).await;
    assert_eq!(
        reasons(&world, &run).await[0],
        ("lane_full".to_owned(), "Lane A runs 1 of 1: The big one.".to_owned())
    );
}

#[tokio::test]
async fn a_busy_key_names_its_holder() {
    let world = World::new().await;
    let holder = world.running(json!({"concurrency_key": "sheet 1"})).await.run_id;
    let run = world.run(json!({"concurrency_key": "sheet 1"})).await;
    assert_eq!(
        reasons(&world, &run).await[0],
        (
            "key_busy".to_owned(),
            format!("Another run with the key sheet 1 is running: {holder}.")
        )
    );
}

#[tokio::test]
async fn a_parked_run_names_the_holder_of_its_key_and_its_place_behind_it() {
    let world = World::new().await;
    let keyed = |key: &str| json!({"concurrency_key": key});
    let worker = world.worker("w1").await;
    world.run(keyed("sheet 1")).await;
    world.run(keyed("sheet 2")).await;
    let holders = world.claim(worker, 2).await;
    let holder = holders.iter().find(|run| run.run_id != holders[0].run_id).unwrap();
    let key = world
        .value(&format!(
            "select concurrency_key from runs where run_id = '{}'",
            holder.run_id
        ))
        .await;
    for other in ["sheet 1", "sheet 2", "sheet 1", "sheet 2"] {
        world.run(keyed(other)).await;
    }
    let last = world.run(keyed(&key)).await;
    assert!(world.claim(worker, 5).await.is_empty());
    assert_eq!(
        world
            .value("select count(*) from runboard_internal.run_queue where parked")
            .await,
        "5"
    );
    assert_eq!(
        reasons(&world, &last).await,
        [
            (
                "key_busy".to_owned(),
                format!("Another run with the key {key} is running: {}.", holder.run_id)
            ),
            (
                "next_in_line".to_owned(),
                "It is number 3 of its key in lane A.".to_owned()
            )
        ]
    );
}

#[tokio::test]
async fn a_run_for_later_says_when() {
    let world = World::new().await;
    world.worker("w1").await;
    let run = world.run(json!({"run_after": "2100-01-01T00:00:00Z"})).await;
    assert_eq!(codes(&world, &run).await, "not_due");
}

#[tokio::test]
async fn a_place_in_line_counts_those_before() {
    let world = World::new().await;
    world.worker("w1").await;
    world.run(json!({})).await;
    world.run(json!({})).await;
    let run = world.run(json!({})).await;
    assert_eq!(reasons(&world, &run).await[0].1, "It is number 3 in lane A.");
}

#[tokio::test]
async fn a_running_run_does_not_wait() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert_eq!(
        reasons(&world, &run.run_id).await,
        [("running".to_owned(), "w1 works on it.".to_owned())]
    );
}

#[tokio::test]
async fn a_run_with_a_silent_worker_says_what_comes() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.advance(chrono::Duration::seconds(30)).await;
    assert!(
        reasons(&world, &run.run_id).await[0]
            .1
            .starts_with("w1 held it and is silent for 30")
    );
}

#[tokio::test]
async fn a_final_run_does_not_wait() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(codes(&world, &run.run_id).await, "final");
}

#[tokio::test]
async fn a_run_that_does_not_exist_is_not_found() {
    let world = World::new().await;
    let answer = queue::explain_wait(&mut *world.conn().await, "run_20200101_000000_aaaaaaaa").await;
    assert_eq!(refusal(answer), "404 unknown_run run_id");
}

#[tokio::test]
async fn a_run_that_waits_for_a_person_says_for_whom_since_when_and_what_happens_then() {
    let world = World::new().await;
    let wait = json!({"message": "Ship it?", "timeout_seconds": 7200, "on_timeout": "reject"});
    let run = world.waiting(wait).await.run_id;
    world.advance(chrono::Duration::hours(1)).await;
    let (code, message) = reasons(&world, &run).await.remove(0);
    assert_eq!(code, "waiting_for_approval");
    assert!(message.starts_with("It has waited for 1 h 0 min for the approval of an operator: Ship it? In "));
    assert!(message.ends_with("that counts as rejected."), "{message}");
}

#[tokio::test]
async fn other_waits_name_what_they_wait_for() {
    for (wait, code) in [
        (json!({"kind": "callback"}), "waiting_for_callback"),
        (json!({"kind": "timer", "timeout_seconds": 60}), "waiting_for_time"),
    ] {
        let world = World::new().await;
        let run = world.waiting(wait).await.run_id;
        assert_eq!(codes(&world, &run).await, code);
    }
    let world = World::new().await;
    let child = world.run(json!({"run_after": "2100-01-01T00:00:00Z"})).await;
    let wait = json!({"kind": "run", "data": {"run_id": child}});
    let run = world.waiting(wait).await.run_id;
    let (code, message) = reasons(&world, &run).await.remove(0);
    assert_eq!(code, "waiting_for_run");
    assert!(
        message.contains(&child) && message.ends_with("which is queued."),
        "{message}"
    );
}

#[tokio::test]
async fn a_key_that_a_waiting_run_keeps_is_busy() {
    let world = World::new().await;
    let holder = world.waiting(json!({})).await.run_id;
    let run = world.run(json!({"concurrency_key": "door"})).await;
    let found = reasons(&world, &run).await;
    let (_, message) = found.iter().find(|(code, _)| code == "key_busy").unwrap();
    assert_eq!(message, &format!("Another run with the key door is waiting: {holder}."));
}

#[tokio::test]
async fn a_lane_whose_rate_is_used_up_says_when_the_next_is_due() {
    let world = World::new().await;
    world
        .execute("update lanes set rate_limit = 2, rate_seconds = 60 where name = 'A'")
        .await;
    world
        .execute("insert into runboard_internal.lane_buckets values ('A', runboard_internal.clock() + interval '60 s')")
        .await;
    let run = world.run(json!({})).await;
    world.worker("w1").await;
    let (code, message) = reasons(&world, &run).await.remove(0);
    assert_eq!(code, "rate_limited");
    assert!(
        message.starts_with("Lane A gives out 2 runs in 1 min 0 s, and they are given; the next is due in "),
        "{message}"
    );
}
