//! `enqueue_run`: what it refuses, what it fills in, which clicks are one run.

use crate::world::{World, refusal};
use db::queue;
use domain::Role;
use serde_json::json;

async fn refused(spec: serde_json::Value) -> String {
    let world = World::new().await;
    world.template("check").await;
    refusal(world.try_enqueue(spec).await)
}

#[tokio::test]
async fn an_unknown_field_is_named() {
    assert_eq!(
        refused(json!({"template": "check", "parms": {}})).await,
        "422 unknown_field parms"
    );
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named() {
    assert_eq!(
        refused(json!({"template": "check", "priority": "high"})).await,
        "422 invalid_field priority"
    );
}

#[tokio::test]
async fn a_fraction_is_no_priority() {
    assert_eq!(
        refused(json!({"template": "check", "priority": 1.5})).await,
        "422 invalid_field priority"
    );
}

#[tokio::test]
async fn a_run_needs_a_template_or_an_action() {
    assert_eq!(refused(json!({})).await, "422 missing_field template");
}

#[tokio::test]
async fn an_unknown_template_is_refused() {
    assert_eq!(
        refused(json!({"template": "nothing"})).await,
        "422 unknown_template template"
    );
}

#[tokio::test]
async fn an_unknown_version_of_a_template_is_refused() {
    assert_eq!(
        refused(json!({"template": "check", "template_version": 7})).await,
        "422 unknown_template template_version"
    );
}

#[tokio::test]
async fn an_unknown_lane_is_refused() {
    assert_eq!(
        refused(json!({"action": "test.noop", "lane": "Z"})).await,
        "422 unknown_lane lane"
    );
}

#[tokio::test]
async fn a_missing_parameter_is_named_by_its_path() {
    assert_eq!(
        refused(json!({"template": "check"})).await,
        "422 missing_param params.url"
    );
}

#[tokio::test]
async fn an_unknown_parameter_is_named_by_its_path() {
    assert_eq!(
        refused(json!({"template": "check", "params": {"url": "x", "uri": "x"}})).await,
        "422 unknown_param params.uri"
    );
}

#[tokio::test]
async fn a_parameter_of_the_wrong_type_is_named_by_its_path() {
    assert_eq!(
        refused(json!({"template": "check", "params": {"url": 3}})).await,
        "422 invalid_param params.url"
    );
}

#[tokio::test]
async fn a_fraction_is_no_integer_parameter() {
    assert_eq!(
        refused(json!({"template": "check", "params": {"url": "x", "times": 1.5}})).await,
        "422 invalid_param params.times"
    );
}

#[tokio::test]
async fn an_empty_concurrency_key_is_refused() {
    assert_eq!(
        refused(json!({"action": "test.noop", "concurrency_key": "", "idempotency_key": "k"})).await,
        "422 invalid_field concurrency_key"
    );
}

#[tokio::test]
async fn what_is_left_out_comes_from_the_template() {
    let world = World::new().await;
    world.template("check").await;
    let run = world
        .try_enqueue(json!({"template": "check", "params": {"url": "x"}}))
        .await
        .unwrap();
    assert_eq!(
        world
            .json(&format!(
                "select jsonb_build_object('title', title, 'lane', lane, 'params', params, 'steps', steps_total,
                   'timeout', timeout_seconds, 'attempts', max_attempts, 'version', template_version)
                 from runs where run_id = '{}'",
                run.run_id
            ))
            .await,
        json!({"title": "Template check", "lane": "B", "params": {"url": "x", "times": 3}, "steps": 3, "timeout": 300, "attempts": 3, "version": 1})
    );
}

#[tokio::test]
async fn the_caller_may_choose_lane_title_and_limits() {
    let world = World::new().await;
    world.template("check").await;
    let run = world
        .try_enqueue(json!({"template": "check", "params": {"url": "x"}, "lane": "C", "title": "Mine", "max_attempts": 1, "timeout_seconds": 9}))
        .await
        .unwrap();
    assert_eq!(
        world
            .value(&format!(
                "select concat_ws(' ', lane, title, max_attempts, timeout_seconds) from runs where run_id = '{}'",
                run.run_id
            ))
            .await,
        "C Mine 1 9"
    );
}

#[tokio::test]
async fn a_paused_lane_still_takes_runs() {
    let world = World::new().await;
    world.execute("select pause_lane('A')").await;
    let run = world.run(json!({})).await;
    assert_eq!(world.state(&run).await, "queued");
}

#[tokio::test]
async fn its_event_names_who_asked() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Operator).await;
    let run = queue::enqueue_run(&mut tx, &json!({"action": "test.noop", "lane": "A"}))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        world.messages(&run.run_id).await,
        "Queued in lane A by ann@example.org."
    );
}

#[tokio::test]
async fn the_act_of_a_person_is_in_the_audit_log() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Operator).await;
    let run = queue::enqueue_run(&mut tx, &json!({"action": "test.noop", "lane": "A"}))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        world
            .value("select concat_ws(' ', actor, role, via, verb, object_id) from audit_log")
            .await,
        format!("ann@example.org operator browser enqueue_run {}", run.run_id)
    );
}

#[tokio::test]
async fn nobody_can_claim_to_be_somebody_else() {
    let world = World::new().await;
    let mut tx = world.person("ann", Role::Operator).await;
    let spec = json!({"action": "test.noop", "requested_by": {"user": "bob", "actor": "bob", "ui": "sheet", "claimed_email": "bob@example.org"}});
    let run = queue::enqueue_run(&mut tx, &spec).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        world
            .json(&format!(
                "select requested_by from runs where run_id = '{}'",
                run.run_id
            ))
            .await,
        json!({"user": "ann", "actor": "ann@example.org", "via": "browser", "ui": "sheet", "claimed_email": "bob@example.org"})
    );
}

#[tokio::test]
async fn a_key_names_one_run() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "idempotency_key": "click 1"});
    let first = world.try_enqueue(spec.clone()).await.unwrap();
    let second = world.try_enqueue(spec).await.unwrap();
    assert_eq!((second.run_id, second.created), (first.run_id, false));
}

#[tokio::test]
async fn a_hundred_clicks_at_once_with_one_key_are_one_run() {
    let world = World::new().await;
    let pool = world.pool().clone();
    let clicks = (0..100).map(|_| {
        let pool = pool.clone();
        async move {
            let mut conn = pool.acquire().await.unwrap();
            queue::enqueue_run(&mut conn, &json!({"action": "test.noop", "idempotency_key": "click"}))
                .await
                .unwrap()
        }
    });
    let answers = futures::future::join_all(clicks).await;
    assert_eq!(answers.iter().filter(|answer| answer.created).count(), 1);
    assert_eq!(world.value("select count(*) from runs").await, "1");
}

#[tokio::test]
async fn a_key_with_another_body_is_refused_in_every_mode() {
    let world = World::new().await;
    world
        .try_enqueue(json!({"action": "test.noop", "idempotency_key": "k"}))
        .await
        .unwrap();
    for mode in ["return", "reject", "replace"] {
        let other = json!({"action": "test.other", "idempotency_key": "k", "idempotency_mode": mode});
        assert_eq!(
            refusal(world.try_enqueue(other).await),
            "409 idempotency_key_reused idempotency_key",
            "{mode}"
        );
    }
}

#[tokio::test]
async fn mode_reject_refuses_the_second_click() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "idempotency_key": "k", "idempotency_mode": "reject"});
    world.try_enqueue(spec.clone()).await.unwrap();
    assert_eq!(
        refusal(world.try_enqueue(spec).await),
        "409 idempotency_key_used idempotency_key"
    );
}

#[tokio::test]
async fn mode_replace_puts_a_new_run_in_the_place_of_a_queued_one() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "idempotency_key": "k", "idempotency_mode": "replace"});
    let first = world.try_enqueue(spec.clone()).await.unwrap();
    let second = world.try_enqueue(spec).await.unwrap();
    assert!(second.created);
    assert_eq!(world.state(&first.run_id).await, "canceled/replaced");
    assert_eq!(world.state(&second.run_id).await, "queued");
}

#[tokio::test]
async fn mode_replace_does_not_touch_a_running_run() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "lane": "A", "idempotency_key": "k", "idempotency_mode": "replace"});
    world.try_enqueue(spec.clone()).await.unwrap();
    let worker = world.worker("w1").await;
    world.claim(worker, 1).await;
    assert_eq!(refusal(world.try_enqueue(spec).await), "409 not_queued idempotency_key");
}

#[tokio::test]
async fn two_callers_may_use_the_same_key() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "idempotency_key": "k"});
    for name in ["ann", "bob"] {
        let mut tx = world.person(name, Role::Operator).await;
        assert!(queue::enqueue_run(&mut tx, &spec).await.unwrap().created);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_key_is_free_again_after_a_day() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "idempotency_key": "k"});
    world.try_enqueue(spec.clone()).await.unwrap();
    world.advance(chrono::Duration::hours(25)).await;
    assert!(world.try_enqueue(spec).await.unwrap().created);
}

#[tokio::test]
async fn a_coalescing_click_joins_the_same_work_that_waits() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "params": {"n": 1}, "coalesce": true});
    let first = world.try_enqueue(spec.clone()).await.unwrap();
    let second = world.try_enqueue(spec).await.unwrap();
    assert_eq!(
        (second.run_id, second.created, second.coalesced),
        (first.run_id, false, true)
    );
}

#[tokio::test]
async fn a_coalescing_click_never_joins_work_that_has_begun() {
    let world = World::new().await;
    let spec = json!({"action": "test.noop", "lane": "A", "coalesce": true});
    world.try_enqueue(spec.clone()).await.unwrap();
    let worker = world.worker("w1").await;
    world.claim(worker, 1).await;
    assert!(world.try_enqueue(spec).await.unwrap().created);
}

#[tokio::test]
async fn a_coalescing_click_does_not_join_other_work() {
    let world = World::new().await;
    world
        .try_enqueue(json!({"action": "test.noop", "params": {"n": 1}, "coalesce": true}))
        .await
        .unwrap();
    let other = world
        .try_enqueue(json!({"action": "test.noop", "params": {"n": 2}, "coalesce": true}))
        .await
        .unwrap();
    assert!(other.created);
}

#[tokio::test]
async fn run_ids_carry_the_second_of_their_making() {
    let world = World::new().await;
    let run = world.run(json!({})).await;
    let second = world
        .value("select to_char(created_at at time zone 'UTC', 'YYYYMMDD_HH24MISS') from runs")
        .await;
    assert!(run.parse::<domain::RunId>().is_ok());
    assert_eq!(run[4..19], second);
}

#[tokio::test]
async fn a_conversation_begins_with_its_first_run() {
    let world = World::new().await;
    for title in ["first", "second"] {
        world.run(json!({"session_id": "talk", "title": title})).await;
    }
    world
        .run(json!({"session_id": "talk 2", "title": "third", "idempotency_key": "k"}))
        .await;
    world.run(json!({})).await;
    assert_eq!(
        world
            .value("select string_agg(concat_ws(' ', session_id, title, created_by), ', ' order by session_id) from sessions")
            .await,
        "talk first system, talk 2 third system"
    );
}

#[tokio::test]
async fn no_person_names_the_parent_of_a_run() {
    let world = World::new().await;
    let parent = world.run(json!({})).await;
    let mut tx = world.person("ann", Role::Admin).await;
    let spec = json!({"action": "test.noop", "parent_run_id": parent, "idempotency_key": "step go"});
    let answer = queue::enqueue_run(&mut tx, &spec).await;
    assert_eq!(refusal(answer), "422 invalid_field parent_run_id");
}
