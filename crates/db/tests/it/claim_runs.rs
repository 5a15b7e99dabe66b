//! `claim_runs`: who gets what, in which order, with what.

use crate::world::World;
use db::queue;
use serde_json::json;
use testkit::snapshot_runs;

#[tokio::test]
async fn a_claim_is_told_in_lease_event_and_run() {
    let world = World::new().await;
    world.run(json!({})).await;
    let worker = world.worker("w1").await;
    world.claim(worker, 1).await;
    insta::assert_snapshot!(snapshot_runs(world.pool()).await, @r#"
    run 1 "test.noop" in A: running; attempt 1 of 3
      lease 1 held by w1; attempt 1; steps done 0
      event queued: Queued in lane A by system. {"lane": "A", "actor": "system"}
      event claimed: Claimed by w1 (attempt 1). {"worker": "w1", "attempt": 1, "lease_seq": <number>}
    worker w1 serves A,B,C,D
    "#);
}

#[tokio::test]
async fn priority_goes_before_age() {
    let world = World::new().await;
    let late = world.run(json!({"priority": 100})).await;
    let urgent = world.run(json!({"priority": 5})).await;
    let worker = world.worker("w1").await;
    let order: Vec<_> = world.claim(worker, 2).await.into_iter().map(|run| run.run_id).collect();
    assert_eq!(order, [urgent, late]);
}

#[tokio::test]
async fn age_decides_among_equals() {
    let world = World::new().await;
    let mut expected = Vec::new();
    for _ in 0..5 {
        expected.push(world.run(json!({})).await);
    }
    let worker = world.worker("w1").await;
    let order: Vec<_> = world.claim(worker, 5).await.into_iter().map(|run| run.run_id).collect();
    assert_eq!(order, expected);
}

#[tokio::test]
async fn priority_counts_across_lanes() {
    let world = World::new().await;
    world.run(json!({"lane": "A"})).await;
    let urgent = world.run(json!({"lane": "C", "priority": 1})).await;
    let worker = world.worker("w1").await;
    assert_eq!(world.claim(worker, 1).await[0].run_id, urgent);
}

#[tokio::test]
async fn a_worker_gets_only_its_lanes() {
    let world = World::new().await;
    world.run(json!({"lane": "A"})).await;
    let worker = world.worker_of("w1", &["B"], &["action"]).await;
    assert!(world.claim(worker, 1).await.is_empty());
}

#[tokio::test]
async fn a_worker_gets_only_runs_whose_every_kind_it_serves() {
    let world = World::new().await;
    world
        .template_with(
            "mixed",
            json!({"steps": [{"id": "a", "kind": "api"}, {"id": "b", "kind": "shell"}]}),
        )
        .await;
    world
        .try_enqueue(json!({"template": "mixed", "params": {"url": "x"}}))
        .await
        .unwrap();
    let narrow = world.worker_of("narrow", &["B"], &["api"]).await;
    let able = world.worker_of("able", &["B"], &["api", "shell"]).await;
    assert!(world.claim(narrow, 1).await.is_empty());
    assert_eq!(world.claim(able, 1).await.len(), 1);
}

#[tokio::test]
async fn a_claim_carries_all_that_the_work_needs() {
    let world = World::new().await;
    world.template("check").await;
    world
        .try_enqueue(json!({"action": "template.run", "template": "check", "params": {"url": "x"}, "scope": [1], "options": {"o": 1}, "env": "staging"}))
        .await
        .unwrap();
    let worker = world.worker("w1").await;
    let run = world.claim(worker, 1).await.remove(0);
    let template = run.template.unwrap();
    assert_eq!((template.slug.as_str(), template.version), ("check", 1));
    assert_eq!(template.definition["steps"][0]["id"], "a");
    assert_eq!(run.action.as_deref(), Some("template.run"));
    assert_eq!(run.params, json!({"url": "x", "times": 3}));
    assert_eq!(run.scope, Some(json!([1])));
    assert_eq!(run.options, json!({"o": 1}));
    assert_eq!(
        (run.env.as_str(), run.title.as_str(), run.attempt),
        ("staging", "Template check", 1)
    );
}

#[tokio::test]
async fn the_deadline_counts_from_the_claim() {
    let world = World::new().await;
    world.run(json!({"timeout_seconds": 60})).await;
    world.advance(chrono::Duration::hours(1)).await;
    let worker = world.worker("w1").await;
    world.claim(worker, 1).await;
    assert_eq!(
        world
            .value("select extract(epoch from deadline_at - claimed_at)::int from runboard_internal.run_leases")
            .await,
        "60"
    );
}

#[tokio::test]
async fn lease_numbers_are_never_used_twice() {
    let world = World::new().await;
    world.run(json!({})).await;
    let worker = world.worker("w1").await;
    let first = world.claim(worker, 1).await.remove(0);
    queue::release_run(&mut *world.conn().await, &first.run_id, first.lease_seq)
        .await
        .unwrap();
    let second = world.claim(worker, 1).await.remove(0);
    assert!(second.lease_seq > first.lease_seq);
}

#[tokio::test]
async fn a_deferred_run_is_given_when_it_is_due_and_not_before() {
    let world = World::new().await;
    let due = world
        .value("select to_json(clock_timestamp() + interval '1 hour') #>> '{}'")
        .await;
    let run = world.run(json!({"run_after": due})).await;
    let worker = world.worker("w1").await;
    world.advance(chrono::Duration::minutes(59)).await;
    assert!(world.claim(worker, 1).await.is_empty());
    world.advance(chrono::Duration::minutes(2)).await;
    assert_eq!(world.claim(worker, 1).await[0].run_id, run);
}

#[tokio::test]
async fn a_later_attempt_keeps_the_steps_that_succeeded() {
    let world = World::new().await;
    world.template("check").await;
    let run = world
        .try_enqueue(json!({"template": "check", "params": {"url": "x"}}))
        .await
        .unwrap()
        .run_id;
    let worker = world.worker("w1").await;
    let first = world.claim(worker, 1).await.remove(0);
    world.step(&first, "a", 0, "success", json!({"n": 1})).await;
    world.step(&first, "b", 1, "running", json!(null)).await;
    world.complete(&first, "failed", None, true).await;
    world.advance(chrono::Duration::minutes(5)).await;
    let second = world.claim(worker, 1).await.remove(0);
    assert_eq!(second.attempt, 2);
    assert_eq!(serde_json::Value::from(second.steps_done), json!({"a": {"n": 1}}));
    assert_eq!(
        world.events(&run).await,
        "queued claimed retry_scheduled claimed resumed"
    );
}

#[tokio::test]
async fn a_template_that_restarts_keeps_no_steps() {
    let world = World::new().await;
    let policy = json!({"timeout_seconds": 300, "max_attempts": 3, "restart": true});
    world.template_with("check", json!({"policy": policy})).await;
    world
        .try_enqueue(json!({"template": "check", "params": {"url": "x"}}))
        .await
        .unwrap();
    let worker = world.worker("w1").await;
    let first = world.claim(worker, 1).await.remove(0);
    world.step(&first, "a", 0, "success", json!(1)).await;
    world.complete(&first, "failed", None, true).await;
    world.advance(chrono::Duration::minutes(5)).await;
    assert!(world.claim(worker, 1).await.remove(0).steps_done.is_empty());
}

#[tokio::test]
async fn a_claim_inside_a_repeatable_read_transaction_is_refused() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    let mut tx = world
        .pool()
        .begin_with("begin isolation level repeatable read")
        .await
        .unwrap();
    let answer = queue::claim_runs(&mut tx, worker, &["A".to_owned()], 1).await;
    assert_eq!(crate::world::refusal(answer), "409 wrong_isolation");
}

#[tokio::test]
async fn a_run_that_cannot_be_read_fails_and_the_others_of_its_claim_go_on() {
    let world = World::new().await;
    let good = world.run(json!({})).await;
    for unreadable in ["(repeat('[', 200) || repeat(']', 200))::jsonb", "'1e400'::jsonb"] {
        // No door lets such a thing in; it may have come before the doors were narrow.
        let run = world.try_enqueue(json!({"action": "test.noop"})).await.unwrap();
        world
            .execute(&format!(
                "update runs set options = jsonb_build_object('a', {unreadable}) where run_id = '{}'",
                run.run_id
            ))
            .await;
    }
    let worker = world.worker("w1").await;
    let claimed: Vec<_> = world.claim(worker, 5).await.into_iter().map(|run| run.run_id).collect();
    assert_eq!(claimed, [good]);
    assert_eq!(
        world
            .value("select string_agg(status || ' ' || (error ->> 'code'), ', ') from runs where status <> 'running'")
            .await,
        "failed unreadable, failed unreadable"
    );
}
