//! `finish_runs`: the last words of short runs.

use crate::world::World;
use db::queue::{Completion, FinishedRun, NewEvent, NewStep, WriteOutcome, finish_runs};
use serde_json::json;

fn finished(run: &db::queue::ClaimedRun) -> FinishedRun {
    let event = |seq, kind: &str| NewEvent {
        seq,
        kind: kind.to_owned(),
        message: format!("{kind}."),
        data: Some(json!({"step": "a"})),
        at: None,
    };
    FinishedRun {
        end: Completion {
            run_id: run.run_id.clone(),
            lease_seq: run.lease_seq,
            status: "success".to_owned(),
            result: Some(json!({"output": 7})),
            error: None,
            retryable: false,
        },
        events: vec![event(1, "step_started"), event(2, "step_finished")],
        steps: vec![NewStep {
            step: "a".to_owned(),
            position: 0,
            title: "A".to_owned(),
            kind: "api".to_owned(),
            status: "success".to_owned(),
            try_number: 1,
            started_at: None,
            finished_at: None,
            output: Some(json!(7)),
            error: None,
        }],
    }
}

#[tokio::test]
async fn short_runs_end_with_all_that_write_runs_would_have_written() {
    let world = World::new().await;
    for _ in 0..3 {
        world.run(json!({})).await;
    }
    let runs = world.claim(world.worker("w1").await, 3).await;
    let mut whole: Vec<FinishedRun> = runs.iter().map(finished).collect();
    let answers = finish_runs(&mut *world.conn().await, &mut whole, None).await.unwrap();
    assert_eq!(answers, vec![WriteOutcome::Ok; 3]);
    let left = world
        .value(
            "select string_agg(distinct concat_ws(' ', r.status, r.result, r.finished_at is not null, a.outcome, a.worker_name, s.status, s.output,
               (select string_agg(e.kind, ',' order by e.lease_seq, e.seq) from run_events as e where e.run_id = r.run_id)), ' | ')
             from runs as r join run_attempts as a using (run_id) join run_steps as s using (run_id)",
        )
        .await;
    assert_eq!(
        left,
        "success {\"output\": 7} t success w1 success 7 queued,claimed,success,step_started,step_finished"
    );
    assert_eq!(
        world.value("select count(*) from runboard_internal.run_leases").await,
        "0"
    );
}

#[tokio::test]
async fn of_a_lost_lease_nothing_is_written_and_the_others_end() {
    let world = World::new().await;
    for _ in 0..3 {
        world.run(json!({})).await;
    }
    let runs = world.claim(world.worker("w1").await, 3).await;
    let mut whole: Vec<FinishedRun> = runs.iter().map(finished).collect();
    whole[1].end.lease_seq += 1000;
    let mut expected: Vec<(String, WriteOutcome)> = whole
        .iter()
        .zip([WriteOutcome::Ok, WriteOutcome::Lost, WriteOutcome::Ok])
        .map(|(run, outcome)| (run.end.run_id.clone(), outcome))
        .collect();
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    let answers = finish_runs(&mut *world.conn().await, &mut whole, None).await.unwrap();
    assert_eq!(
        answers,
        expected.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>()
    );
    let lost = &runs[1].run_id;
    assert_eq!(world.state(lost).await, "running");
    assert_eq!(
        world
            .value(&format!("select (select count(*) from run_steps where run_id = '{lost}') + (select count(*) from run_events where run_id = '{lost}' and lease_seq > 0)"))
            .await,
        "0"
    );
    assert_eq!(
        world.value("select count(*) from runs where status = 'success'").await,
        "2"
    );
}

#[tokio::test]
async fn a_second_copy_of_the_same_words_is_lost() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let mut whole = vec![finished(&run)];
    finish_runs(&mut *world.conn().await, &mut whole, None).await.unwrap();
    let again = finish_runs(&mut *world.conn().await, &mut whole, None).await.unwrap();
    assert_eq!(again, [WriteOutcome::Lost]);
}

#[tokio::test]
async fn a_run_that_spoke_before_is_sent_the_long_way() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world.step(&run, "a", 0, "running", json!(null)).await;
    let refused = finish_runs(&mut *world.conn().await, &mut [finished(&run)], None).await;
    assert_eq!(crate::world::refusal(refused), "409 not_fresh");
    assert_eq!(world.state(&run.run_id).await, "running");
}
