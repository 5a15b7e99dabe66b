//! `open_callback` and `answer_callback`: a program outside answers once, early or late.

use crate::world::{World, refusal};
use db::queue::{self, Answered, ClaimedRun};
use serde_json::{Value, json};

/// SHA-256 of `secret`.
const HASH: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

async fn open(world: &World, run: &ClaimedRun) -> Result<(), db::DbError> {
    queue::open_callback(&mut *world.conn().await, &run.run_id, run.lease_seq, "ok", HASH).await
}

async fn answer(world: &World, token: &str, outcome: Value) -> Result<Answered, db::DbError> {
    queue::answer_callback(&mut *world.conn().await, token, &outcome).await
}

async fn running(world: &World) -> ClaimedRun {
    let run = world.running(json!({})).await;
    world.step_of(&run, "ok", 0, "action", "running").await;
    open(world, &run).await.unwrap();
    run
}

#[tokio::test]
async fn an_answer_ends_the_wait() {
    let world = World::new().await;
    let run = running(&world).await;
    world.suspend(&run, json!({"kind": "callback"})).await.unwrap();
    let answered = answer(&world, "secret", json!({"output": "done"})).await.unwrap();
    assert_eq!(answered.status, "queued");
    assert_eq!(
        world.value("select status || ' ' || output from run_steps").await,
        r#"success "done""#
    );
}

#[tokio::test]
async fn an_answer_that_comes_before_the_wait_ends_it_when_it_begins() {
    let world = World::new().await;
    let run = running(&world).await;
    assert_eq!(
        answer(&world, "secret", json!({"output": 1})).await.unwrap().status,
        "running"
    );
    world.suspend(&run, json!({"kind": "callback"})).await.unwrap();
    assert_eq!(world.places(&run.run_id).await, "queue");
}

#[tokio::test]
async fn the_same_answer_again_is_the_same_and_another_is_refused() {
    let world = World::new().await;
    let run = running(&world).await;
    world.suspend(&run, json!({"kind": "callback"})).await.unwrap();
    answer(&world, "secret", json!({"output": 1})).await.unwrap();
    assert!(answer(&world, "secret", json!({"output": 1})).await.is_ok());
    let other = answer(&world, "secret", json!({"output": 2})).await;
    assert_eq!(refusal(other), "409 already_answered");
}

#[tokio::test]
async fn who_does_not_know_the_token_learns_nothing() {
    let world = World::new().await;
    let run = running(&world).await;
    world.suspend(&run, json!({"kind": "callback"})).await.unwrap();
    assert_eq!(
        refusal(answer(&world, "guess", json!({})).await),
        "404 unknown_callback"
    );
    assert_eq!(world.places(&run.run_id).await, "waits");
}

#[tokio::test]
async fn a_run_that_has_ended_hears_no_answer() {
    let world = World::new().await;
    let run = running(&world).await;
    world.suspend(&run, json!({"kind": "callback"})).await.unwrap();
    world.execute(&format!("select cancel_run('{}')", run.run_id)).await;
    assert_eq!(refusal(answer(&world, "secret", json!({})).await), "409 run_is_final");
}

#[tokio::test]
async fn only_who_holds_the_run_opens_a_callback() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(refusal(open(&world, &run).await), "409 lease_lost");
}

const OTHER_HASH: &str = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";

#[tokio::test]
async fn a_run_that_starts_over_waits_for_a_new_answer() {
    let world = World::new().await;
    let run = running(&world).await;
    world.suspend(&run, json!({"kind": "callback"})).await.unwrap();
    answer(&world, "secret", json!({"output": 1})).await.unwrap();
    let again = world.claim(world.worker("w2").await, 1).await.remove(0);
    open(&world, &again).await.unwrap();
    world.suspend(&again, json!({"kind": "callback"})).await.unwrap();
    assert_eq!(world.places(&run.run_id).await, "waits");
    world.sweep().await;
    assert_eq!(world.places(&run.run_id).await, "waits");
    answer(&world, "secret", json!({"output": 2})).await.unwrap();
    assert_eq!(
        world
            .value("select string_agg(output::text, ' ' order by lease_seq) from run_steps where step = 'ok'")
            .await,
        "1 2"
    );
}

#[tokio::test]
async fn an_answer_that_no_wait_has_used_stays_when_the_step_begins_anew() {
    let world = World::new().await;
    let run = running(&world).await;
    answer(&world, "secret", json!({"output": 1})).await.unwrap();
    open(&world, &run).await.unwrap();
    world.suspend(&run, json!({"kind": "callback"})).await.unwrap();
    assert_eq!(world.places(&run.run_id).await, "queue");
}

#[tokio::test]
async fn a_token_that_has_changed_is_known_as_long_as_nobody_has_answered() {
    let world = World::new().await;
    let run = running(&world).await;
    let mut conn = world.conn().await;
    queue::open_callback(&mut conn, &run.run_id, run.lease_seq, "ok", OTHER_HASH)
        .await
        .unwrap();
    assert_eq!(
        refusal(answer(&world, "secret", json!({})).await),
        "404 unknown_callback"
    );
    assert_eq!(answer(&world, "other", json!({})).await.unwrap().status, "running");
}
