//! `write_runs`: a batch of many runs, each item for itself.

use crate::world::World;
use db::queue::{ClaimedRun, WriteOutcome};
use serde_json::{Value, json};

async fn write(world: &World, writes: &Value) -> Vec<WriteOutcome> {
    let answer: Value = sqlx::query_scalar("select public.write_runs($1)")
        .bind(writes)
        .fetch_one(world.pool())
        .await
        .unwrap();
    let words: Vec<String> = serde_json::from_value(answer).unwrap();
    words.into_iter().map(WriteOutcome::from).collect()
}

fn on(run: &ClaimedRun, mut fields: Value) -> Value {
    fields["run_id"] = json!(run.run_id);
    fields["lease_seq"] = json!(run.lease_seq);
    fields
}

fn step(status: &str) -> Value {
    json!({"op": "step", "step": {"step": "a", "position": 0, "title": "A", "kind": "api", "status": status, "try": 1}})
}

async fn three_running(world: &World) -> Vec<ClaimedRun> {
    let worker = world.worker("w1").await;
    for _ in 0..3 {
        world.run(json!({})).await;
    }
    world.claim(worker, 3).await
}

#[tokio::test]
async fn a_whole_run_fits_in_one_batch() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let outcomes = write(
        &world,
        &json!([
            {"op": "hint", "runs": [run.run_id], "logs": []},
            on(&run, step("running")),
            on(&run, json!({"op": "log", "step": "a", "seq": 1, "lines": "one\ntwo", "offsets_ms": [0, 5], "streams": "oe"})),
            on(&run, json!({"op": "log", "step": "a", "seq": 2, "lines": "three"})),
            on(&run, json!({"op": "events", "events": [{"seq": 1, "kind": "note", "message": "Done."}]})),
            on(&run, json!({"op": "artifact", "artifact": {"step": "a", "name": "x", "kind": "text", "content_type": "text/plain", "inline_base64": "aGk="}})),
            on(&run, step("success")),
            on(&run, json!({"op": "beat", "progress": {"done": 1}})),
            on(&run, json!({"op": "complete", "status": "success", "result": {"n": 1}})),
        ]),
    )
    .await;
    assert_eq!(outcomes, vec![WriteOutcome::Ok; 9]);
    assert_eq!(world.state(&run.run_id).await, "success");
    assert_eq!(world.value("select status from run_steps").await, "success");
    assert_eq!(
        world
            .value("select string_agg(first_line::text, ' ' order by seq) from run_log_chunks")
            .await,
        "1 3"
    );
    assert_eq!(world.value("select progress from runs").await, r#"{"done": 1}"#);
}

#[tokio::test]
async fn what_follows_the_completion_of_a_run_is_lost() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let outcomes = write(
        &world,
        &json!([
            on(&run, json!({"op": "complete", "status": "success"})),
            on(&run, json!({"op": "beat"})),
            on(&run, json!({"op": "complete", "status": "failed"})),
        ]),
    )
    .await;
    assert_eq!(outcomes, [WriteOutcome::Ok, WriteOutcome::Lost, WriteOutcome::Lost]);
    assert_eq!(world.state(&run.run_id).await, "success");
}

#[tokio::test]
async fn a_bad_item_answers_for_itself_and_blocks_no_other() {
    let world = World::new().await;
    let runs = three_running(&world).await;
    let outcomes = write(
        &world,
        &json!([
            on(&runs[0], step("success")),
            on(&runs[1], json!({"op": "step", "step": {"step": "a", "position": 0, "title": "A", "kind": "api", "status": "melted"}})),
            on(&runs[1], json!({"op": "dance"})),
            on(&runs[2], json!({"op": "log", "step": "a", "seq": 1, "lines": "x".repeat(70_000)})),
            on(&runs[2], json!({"op": "artifact", "artifact": {"name": "x", "kind": "text", "inline_base64": "%%%"}})),
            on(&runs[0], json!({"op": "complete", "status": "success"})),
            on(&runs[1], json!({"op": "complete", "status": "failed", "retryable": true})),
        ]),
    )
    .await;
    let words: Vec<&str> = outcomes
        .iter()
        .map(|outcome| match outcome {
            WriteOutcome::Ok => "ok",
            WriteOutcome::Requeued => "requeued",
            WriteOutcome::Error(_) => "error",
            _ => "other",
        })
        .collect();
    assert_eq!(words, ["ok", "error", "error", "error", "error", "ok", "requeued"]);
    assert_eq!(world.state(&runs[0].run_id).await, "success");
}

#[tokio::test]
async fn a_lost_lease_in_a_batch_loses_only_its_own_writes() {
    let world = World::new().await;
    let runs = three_running(&world).await;
    let mut stale = on(&runs[0], json!({"op": "complete", "status": "success"}));
    stale["lease_seq"] = json!(runs[0].lease_seq + 100);
    let outcomes = write(
        &world,
        &json!([stale, on(&runs[1], json!({"op": "complete", "status": "success"}))]),
    )
    .await;
    assert_eq!(outcomes, [WriteOutcome::Lost, WriteOutcome::Ok]);
    assert_eq!(world.state(&runs[0].run_id).await, "running");
}

#[tokio::test]
async fn a_whole_batch_may_be_sent_again() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let batch = json!([
        on(&run, step("success")),
        on(&run, json!({"op": "log", "step": "a", "seq": 1, "lines": "one"})),
        on(
            &run,
            json!({"op": "events", "events": [{"seq": 1, "kind": "note", "message": "Once."}]})
        ),
    ]);
    write(&world, &batch).await;
    assert_eq!(write(&world, &batch).await, vec![WriteOutcome::Ok; 3]);
    assert_eq!(
        world.value("select concat_ws(' ', (select count(*) from run_steps), (select count(*) from run_log_chunks), (select count(*) from run_events where lease_seq > 0))").await,
        "1 1 1"
    );
}

#[tokio::test]
async fn a_beat_says_that_a_person_wants_to_cancel() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.execute(&format!("select cancel_run('{}')", run.run_id)).await;
    assert_eq!(
        write(&world, &json!([on(&run, json!({"op": "beat"}))])).await,
        [WriteOutcome::CancelRequested]
    );
}

#[tokio::test]
async fn writers_that_share_runs_in_any_order_do_not_deadlock() {
    let world = World::new().await;
    world.execute("update lanes set max_running = null").await;
    let worker = world.worker("w1").await;
    for _ in 0..20 {
        world.run(json!({})).await;
    }
    let runs = world.claim(worker, 20).await;
    let writers = (0..40).map(|turn: usize| {
        let mut batch: Vec<Value> = runs.iter().map(|run| on(run, json!({"op": "beat"}))).collect();
        batch.rotate_left(turn % 20);
        let world = &world;
        async move { write(world, &json!(batch)).await }
    });
    for outcomes in futures::future::join_all(writers).await {
        assert_eq!(outcomes, vec![WriteOutcome::Ok; 20]);
    }
}

#[tokio::test]
async fn an_empty_batch_is_fine() {
    let world = World::new().await;
    assert_eq!(write(&world, &json!([])).await, []);
}
