//! The zombie: a worker that was frozen past its lease and wakes up can write nothing.

use crate::world::World;
use db::queue::ClaimedRun;
use serde_json::{Value, json};
use testkit::snapshot_runs;

/// A run that was taken from its first holder and is running elsewhere.
async fn taken_over(world: &World) -> ClaimedRun {
    let zombie = world.running(json!({})).await;
    world.advance(chrono::Duration::seconds(21)).await;
    world.sweep().await;
    world.advance(chrono::Duration::minutes(1)).await;
    let other = world.worker("w2").await;
    assert_eq!(world.claim(other, 1).await.len(), 1);
    zombie
}

#[tokio::test]
async fn no_single_call_of_a_zombie_writes() {
    let world = World::new().await;
    let zombie = taken_over(&world).await;
    let before = snapshot_runs(world.pool()).await;
    let id = format!("'{}', {}", zombie.run_id, zombie.lease_seq);
    for call in [
        format!("heartbeat_run({id}, '{{\"done\": 9}}')"),
        format!(r#"append_events({id}, '[{{"seq": 1, "kind": "note", "message": "Boo."}}]')"#),
        format!("append_log({id}, 'a', 1, 'boo')"),
        format!(
            r#"record_step({id}, '{{"step": "a", "position": 0, "title": "A", "kind": "api", "status": "success"}}')"#
        ),
        format!(r#"put_artifact({id}, '{{"name": "boo", "kind": "text", "inline_base64": "aGk="}}')"#),
        format!("complete_run({id}, 'success')"),
        format!("release_run({id})"),
    ] {
        assert_eq!(world.value(&format!("select {call}")).await, "lost", "{call}");
    }
    assert_eq!(snapshot_runs(world.pool()).await, before);
}

#[tokio::test]
async fn no_batch_of_a_zombie_writes() {
    let world = World::new().await;
    let zombie = taken_over(&world).await;
    let before = snapshot_runs(world.pool()).await;
    let writes: Vec<Value> = [
        json!({"op": "events", "events": [{"seq": 1, "kind": "note", "message": "Boo."}]}),
        json!({"op": "log", "step": "a", "seq": 1, "lines": "boo"}),
        json!({"op": "step", "step": {"step": "a", "position": 0, "title": "A", "kind": "api", "status": "success"}}),
        json!({"op": "artifact", "artifact": {"name": "boo", "kind": "text", "inline_base64": "aGk="}}),
        json!({"op": "beat"}),
        json!({"op": "complete", "status": "success"}),
    ]
    .into_iter()
    .map(|mut write| {
        write["run_id"] = json!(zombie.run_id);
        write["lease_seq"] = json!(zombie.lease_seq);
        write
    })
    .collect();
    let outcomes: Value = sqlx::query_scalar("select write_runs($1)")
        .bind(json!(writes))
        .fetch_one(world.pool())
        .await
        .unwrap();
    assert_eq!(outcomes, json!(vec!["lost"; 6]));
    assert_eq!(snapshot_runs(world.pool()).await, before);
}

#[tokio::test]
async fn a_zombie_that_claims_under_its_old_id_gets_a_new_lease() {
    let world = World::new().await;
    let zombie = taken_over(&world).await;
    world.run(json!({})).await;
    let worker = world
        .value("select worker_id from workers where name = 'w1'")
        .await
        .parse()
        .unwrap();
    let claimed = world.claim(worker, 1).await.remove(0);
    assert!(claimed.lease_seq > zombie.lease_seq);
}
