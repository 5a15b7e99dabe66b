//! What a held run has to do with others: programs outside that answer, runs that a step starts, and the
//! last words of many short runs at once.

use super::{
    lease_acts::{fenced, is_held},
    machine::{Answer, Machine},
};
use db::queue::{Completion, FinishedRun, NewEvent, NewStep, WriteOutcome};
use serde_json::json;

/// A step asks somebody outside, and mostly waits for the answer.
pub(super) async fn open_callback(machine: &mut Machine, run: &str, lease: i64) -> Result<(), String> {
    machine.numbers += 1;
    let token = format!("token {}", machine.numbers);
    let call = format!(
        "select public.open_callback('{run}', {lease}, 'b', encode(sha256(convert_to('{token}', 'UTF8')), 'hex'))::text"
    );
    let opened = fenced(machine, run, lease, &call).await?;
    machine.tokens.push(token);
    if matches!(opened, Answer::Told(_)) && machine.chance(70) {
        let wait = r#"{"step": "b", "kind": "callback", "timeout_seconds": 600}"#;
        fenced(
            machine,
            run,
            lease,
            &format!("select public.suspend_run('{run}', {lease}, '{wait}')"),
        )
        .await?;
    }
    Ok(())
}

/// Somebody outside answers, before the wait, in it, after it, twice, or to nobody.
pub(super) async fn answer_callback(machine: &mut Machine) -> Result<(), String> {
    if machine.tokens.is_empty() {
        return Ok(());
    }
    let back = machine.below(6) as usize % machine.tokens.len();
    let token = machine.tokens[machine.tokens.len() - 1 - back].clone();
    let outcome = machine.one_of(&[r#"{"output": 1}"#, r#"{"output": 2}"#, r#"{"status": "failed"}"#]);
    let known = machine
        .value(&format!(
            "select case when c.outcome is not null then (c.outcome = '{outcome}')::text when r.finished_at is null then 'true' else 'false' end
             from runboard_internal.run_callbacks as c join public.runs as r on r.run_id = c.run_id
             where c.token_sha256 = encode(sha256(convert_to('{token}', 'UTF8')), 'hex')"
        ))
        .await?;
    let answer = machine
        .ask(&format!("select public.answer_callback('{token}', '{outcome}')"))
        .await?;
    if matches!(answer, Answer::Told(_)) == (known == "true") {
        Ok(())
    } else {
        Err(format!(
            "a callback that may be answered so, {known:?}, answered {answer:?}"
        ))
    }
}

/// A step starts a run; asked again it has the same one. Sometimes the step waits for it.
pub(super) async fn start_child(machine: &mut Machine, run: &str, lease: i64) -> Result<(), String> {
    let held = is_held(machine, run, lease).await?;
    let spec = json!({"action": "test.noop", "lane": "A", "title": "child"});
    let call = format!("select public.start_child_run('{run}', {lease}, 'c', '{spec}') ->> 'run_id'");
    let first = fenced(machine, run, lease, &call).await?;
    let again = fenced(machine, run, lease, &call).await?;
    if first != again || (held && first.text().is_empty()) {
        return Err(format!(
            "a step that starts a run twice was answered {first:?} and {again:?}"
        ));
    }
    if held && machine.chance(50) {
        let wait = json!({"step": "c", "kind": "run", "timeout_seconds": 900, "data": {"run_id": first.text()}});
        fenced(
            machine,
            run,
            lease,
            &format!("select public.suspend_run('{run}', {lease}, '{wait}')"),
        )
        .await?;
    }
    Ok(())
}

/// Some runs say all they have to say at once, among them one under a lease that is gone; and once more,
/// as a worker does that did not hear the answer.
pub(super) async fn finish(machine: &mut Machine, fresh: Vec<(String, i64)>) -> Result<(), String> {
    let mut leases = fresh.clone();
    if let Some((run, lease)) = machine.leases.first().cloned()
        && !is_held(machine, &run, lease).await?
        && leases.iter().all(|(known, _)| *known != run)
    {
        leases.push((run, lease));
    }
    let mut runs: Vec<FinishedRun> = leases.iter().map(|(run, lease)| whole(run, *lease)).collect();
    for round in ["first", "second"] {
        // What was claimed with the progress of an earlier attempt is not new to the function.
        let Some(outcomes) = machine.finish_runs(&mut runs).await? else {
            return Ok(());
        };
        for (run, outcome) in runs.iter().zip(outcomes) {
            let id = (run.end.run_id.clone(), run.end.lease_seq);
            let expected = if round == "first" && fresh.contains(&id) {
                WriteOutcome::Ok
            } else {
                WriteOutcome::Lost
            };
            if outcome != expected {
                return Err(format!("finish_runs of {id:?} answered {outcome:?} the {round} time"));
            }
        }
    }
    Ok(())
}

fn whole(run: &str, lease: i64) -> FinishedRun {
    FinishedRun {
        end: Completion {
            run_id: run.to_owned(),
            lease_seq: lease,
            status: "success".to_owned(),
            result: Some(json!({"output": 1})),
            error: None,
            retryable: false,
        },
        events: vec![NewEvent {
            seq: 1,
            kind: "step_finished".to_owned(),
            message: "Done.".to_owned(),
            data: None,
            at: None,
        }],
        steps: vec![NewStep {
            step: "a".to_owned(),
            position: 0,
            title: "A".to_owned(),
            kind: "api".to_owned(),
            status: "success".to_owned(),
            try_number: 1,
            started_at: None,
            finished_at: None,
            output: Some(json!(1)),
            error: None,
        }],
    }
}
