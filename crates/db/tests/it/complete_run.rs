//! `complete_run` and `complete_runs`: how an attempt ends, and what that means for the run.

use crate::world::World;
use serde_json::json;
use testkit::snapshot_runs;

#[tokio::test]
async fn success_ends_the_run() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert_eq!(world.complete(&run, "success", None, false).await, "ok");
    insta::assert_snapshot!(snapshot_runs(world.pool()).await, @r#"
    run 1 "test.noop" in A: success; attempt 1 of 3
      attempt 1 under lease 1 by w1: success
      event queued: Queued in lane A by system. {"lane": "A", "actor": "system"}
      event claimed: Claimed by w1 (attempt 1). {"worker": "w1", "attempt": 1, "lease_seq": <number>}
      event success: Succeeded in <span>. {"attempt": 1, "duration_ms": <number>}
    worker w1 serves A,B,C,D
    "#);
}

#[tokio::test]
async fn a_final_failure_carries_its_code_as_the_reason() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let error = json!({"code": "invalid_input", "message": "No such sheet.", "hint": "Share it.", "step": "a"});
    assert_eq!(world.complete(&run, "failed", Some(error.clone()), false).await, "ok");
    assert_eq!(world.state(&run.run_id).await, "failed/invalid_input");
    assert_eq!(world.json("select error from runs").await, error);
    assert!(world.messages(&run.run_id).await.ends_with("Failed: No such sheet."));
}

#[tokio::test]
async fn a_failure_without_a_code_is_a_failed_step() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.complete(&run, "failed", None, false).await;
    assert_eq!(world.state(&run.run_id).await, "failed/step_failed");
}

#[tokio::test]
async fn a_retryable_failure_waits_out_a_backoff() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    assert_eq!(
        world
            .complete(&run, "failed", Some(json!({"code": "busy"})), true)
            .await,
        "requeued"
    );
    assert_eq!(world.state(&run.run_id).await, "queued");
    assert_eq!(world.events(&run.run_id).await, "queued claimed retry_scheduled");
    let wait = "select due_at - queued_at between interval '0' and interval '1 second'
      from runboard_internal.run_deferred join runs using (run_id)";
    assert_eq!(world.value(wait).await, "true");
}

#[tokio::test]
async fn backoff_doubles_up_to_its_cap_and_spreads_over_the_whole_span() {
    let world = World::new().await;
    let longest = |failures: i32| {
        format!(
            "select concat_ws(' ', max(wait) <= {cap}, max(wait) > {cap} * 0.9, min(wait) < {cap} * 0.1)
             from (select extract(epoch from runboard_internal.backoff(null, {failures})) as wait from generate_series(1, 1000)) as w",
            cap = (1_i64 << (failures - 1).min(30)).min(300),
        )
    };
    for failures in [1, 2, 5, 9, 10, 40] {
        assert_eq!(world.value(&longest(failures)).await, "t t t", "{failures}");
    }
}

#[tokio::test]
async fn the_policy_of_the_template_sets_the_backoff() {
    let world = World::new().await;
    let wait = "select max(extract(epoch from runboard_internal.backoff(
      '{\"backoff\": {\"initial_seconds\": 10, \"factor\": 3, \"max_seconds\": 50}}', 3))) between 40 and 50 from generate_series(1, 1000)";
    assert_eq!(world.value(wait).await, "true");
}

#[tokio::test]
async fn the_last_attempt_fails_for_good() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    let run = world.run(json!({"max_attempts": 2})).await;
    for expected in ["requeued", "ok"] {
        let claimed = world.claim(worker, 1).await.remove(0);
        assert_eq!(
            world
                .complete(&claimed, "failed", Some(json!({"code": "busy"})), true)
                .await,
            expected
        );
        world.advance(chrono::Duration::minutes(10)).await;
    }
    assert_eq!(world.state(&run).await, "failed/busy");
    assert_eq!(
        world
            .value("select string_agg(outcome, ' ' order by attempt) from run_attempts")
            .await,
        "retried failed"
    );
}

#[tokio::test]
async fn each_attempt_keeps_its_own_error() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    world.run(json!({"max_attempts": 2})).await;
    for code in ["first", "second"] {
        let claimed = world.claim(worker, 1).await.remove(0);
        world
            .complete(&claimed, "failed", Some(json!({"code": code})), true)
            .await;
        world.advance(chrono::Duration::minutes(10)).await;
    }
    assert_eq!(
        world
            .value("select string_agg(error ->> 'code', ' ' order by attempt) from run_attempts")
            .await,
        "first second"
    );
}

#[tokio::test]
async fn a_run_that_failed_goes_before_others_of_its_priority_when_it_comes_back() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.run(json!({})).await;
    world.complete(&run, "failed", None, true).await;
    world.advance(chrono::Duration::minutes(10)).await;
    let worker = world.worker("w2").await;
    assert_eq!(world.claim(worker, 1).await[0].run_id, run.run_id);
}

#[tokio::test]
async fn the_second_completion_of_a_lease_is_lost() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(world.complete(&run, "failed", None, false).await, "lost");
    assert_eq!(world.state(&run.run_id).await, "success");
}

#[tokio::test]
async fn a_cancel_that_the_worker_followed_is_the_act_of_a_person() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world
        .execute(&format!("select cancel_run('{}', 'wrong sheet')", run.run_id))
        .await;
    assert_eq!(world.complete(&run, "canceled", None, false).await, "ok");
    assert_eq!(world.state(&run.run_id).await, "canceled/canceled_by_person");
    assert!(world.messages(&run.run_id).await.ends_with(": wrong sheet"));
}

#[tokio::test]
async fn a_failure_is_not_retried_once_a_person_wants_it_canceled() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.execute(&format!("select cancel_run('{}')", run.run_id)).await;
    assert_eq!(world.complete(&run, "failed", None, true).await, "ok");
    assert_eq!(world.state(&run.run_id).await, "canceled/canceled_by_person");
}

#[tokio::test]
async fn success_wins_over_a_cancel_that_came_too_late() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.execute(&format!("select cancel_run('{}')", run.run_id)).await;
    world.complete(&run, "success", None, false).await;
    assert_eq!(world.state(&run.run_id).await, "success");
}

#[tokio::test]
async fn steps_that_still_ran_end_as_the_attempt_did() {
    let world = World::new().await;
    for (status, step) in [("failed", "failed"), ("canceled", "canceled")] {
        let run = world.running(json!({})).await;
        world.step(&run, "a", 0, "running", json!(null)).await;
        world.complete(&run, status, None, false).await;
        let found = world
            .value(&format!(
                "select status from run_steps where run_id = '{}' and finished_at is not null",
                run.run_id
            ))
            .await;
        assert_eq!(found, step);
    }
}

#[tokio::test]
async fn a_run_cannot_end_as_anything_else() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let answer = sqlx::query("select complete_run($1, $2, 'queued')")
        .bind(&run.run_id)
        .bind(run.lease_seq)
        .execute(world.pool())
        .await
        .map(|_| ())
        .map_err(db::DbError::from);
    assert_eq!(crate::world::refusal(answer), "422 unknown_status status");
}

#[tokio::test]
async fn no_statement_can_leave_a_final_state() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.complete(&run, "success", None, false).await;
    let answer = sqlx::query("update runs set status = 'queued', finished_at = null")
        .execute(world.pool())
        .await;
    assert_eq!(
        answer.unwrap_err().as_database_error().unwrap().code().unwrap(),
        "PT409"
    );
}

#[tokio::test]
async fn the_version_a_reader_sees_never_falls() {
    let world = World::new().await;
    let seen = "select (r.version + coalesce(l.version, 0))::int from runs as r left join runboard_internal.run_leases as l using (run_id)";
    let mut versions = Vec::new();
    let worker = world.worker("w1").await;
    world.run(json!({})).await;
    versions.push(world.value(seen).await);
    let run = world.claim(worker, 1).await.remove(0);
    versions.push(world.value(seen).await);
    world.step(&run, "a", 0, "running", json!(null)).await;
    versions.push(world.value(seen).await);
    world
        .execute(&format!("select heartbeat_run('{}', {})", run.run_id, run.lease_seq))
        .await;
    versions.push(world.value(seen).await);
    world.complete(&run, "failed", None, true).await;
    versions.push(world.value(seen).await);
    world.execute(&format!("select cancel_run('{}')", run.run_id)).await;
    versions.push(world.value(seen).await);
    let numbers: Vec<i64> = versions.iter().map(|version| version.parse().unwrap()).collect();
    assert!(numbers.is_sorted_by(|before, after| before < after), "{numbers:?}");
}

#[tokio::test]
async fn a_batch_answers_for_each_in_order() {
    let world = World::new().await;
    let worker = world.worker("w1").await;
    for _ in 0..3 {
        world.run(json!({})).await;
    }
    let runs = world.claim(worker, 3).await;
    let items = json!([
        {"run_id": runs[2].run_id, "lease_seq": runs[2].lease_seq, "status": "success", "result": {"n": 1}},
        {"run_id": runs[0].run_id, "lease_seq": runs[0].lease_seq + 999, "status": "success"},
        {"run_id": runs[1].run_id, "lease_seq": runs[1].lease_seq, "status": "failed", "retryable": true},
        {"run_id": runs[0].run_id, "lease_seq": runs[0].lease_seq, "status": "nonsense"},
    ]);
    let outcomes: Vec<String> = sqlx::query_scalar("select outcome from complete_runs($1)")
        .bind(items)
        .fetch_all(world.pool())
        .await
        .unwrap();
    assert_eq!(
        outcomes,
        ["ok", "lost", "requeued", "error: A run cannot end as nonsense."]
    );
    assert_eq!(world.state(&runs[0].run_id).await, "running");
}

#[tokio::test]
async fn a_backoff_beyond_all_numbers_still_ends_the_attempt() {
    let world = World::new().await;
    let backoff = json!({"initial_seconds": 1e200, "factor": 1e200, "max_seconds": 60.0});
    let policy = json!({"policy": {"timeout_seconds": 300, "max_attempts": 5, "backoff": backoff}});
    world.template_with("wild", policy).await;
    let fields = json!({"action": null, "template": "wild", "params": {"url": "x"}});
    let run = world.running(fields).await;
    let error = json!({"code": "step_failed", "message": "no"});
    assert_eq!(world.complete(&run, "failed", Some(error), true).await, "requeued");
    let wait = "select due_at - runboard_internal.clock() < interval '61 seconds' from runboard_internal.run_deferred";
    assert_eq!(world.value(wait).await, "true");
}
