//! What a holder of a lease does, or somebody who believes to be one.
//!
//! Before each call the truth is looked up. Under a lease that is gone the answer must be *lost*, and
//! nothing may have changed.

use super::{
    machine::{Answer, Machine},
    outside_acts,
    promises::FINGERPRINT,
};

/// One act under any lease that was ever given.
pub(super) async fn any(machine: &mut Machine) -> Result<(), String> {
    if machine.leases.is_empty() {
        return Ok(());
    }
    if machine.leases.len() > 40 {
        machine.leases.drain(..15);
    }
    let count = machine.leases.len();
    // Mostly new ones, so that most are good.
    let back = (machine.below(40) as usize).min(machine.below(40) as usize) % count;
    let (run, lease) = machine.leases[count - 1 - back].clone();
    let id = format!("'{run}', {lease}");
    let number = machine.below(50);
    let call = match machine.below(26) {
        0 => format!("public.heartbeat_run({id})"),
        1 => format!("public.heartbeat_run({id}, '{{\"done\": {number}, \"total\": 50}}')"),
        2 => format!(
            "(select outcome from public.heartbeat_runs('[{{\"run_id\": \"{run}\", \"lease_seq\": {lease}}}]'))"
        ),
        3 => format!(
            "public.append_events({id}, '[{{\"seq\": {number}, \"kind\": \"note\", \"message\": \"Hello.\"}}]')"
        ),
        4 => format!("public.append_log({id}, 'a', {number}, 'a line')"),
        5..8 => {
            let step = machine.one_of(&["a", "b", "c"]);
            let status = machine.one_of(&["running", "success", "success", "failed"]);
            format!(
                "public.record_step({id}, '{{\"step\": \"{step}\", \"position\": 0, \"title\": \"S\", \"kind\": \"api\", \"status\": \"{status}\", \"try\": 1}}')"
            )
        }
        8 => format!(
            "public.put_artifact({id}, '{{\"name\": \"n{number}\", \"kind\": \"text\", \"content_type\": \"text/plain\", \"inline_base64\": \"aGk=\"}}')"
        ),
        9..12 => format!("public.complete_run({id}, 'success', '{{\"answer\": {number}}}', null)"),
        12 => format!(
            "public.complete_run({id}, 'failed', null, '{{\"code\": \"broken\", \"message\": \"It broke.\"}}', false)"
        ),
        13..15 => format!(
            "public.complete_run({id}, 'failed', null, '{{\"code\": \"broken\", \"message\": \"It broke.\"}}', true)"
        ),
        15 => format!("public.complete_run({id}, 'canceled', null, null)"),
        16 => format!(
            "(select outcome from public.complete_runs('[{{\"run_id\": \"{run}\", \"lease_seq\": {lease}, \"status\": \"success\"}}]'))"
        ),
        17 => format!("public.release_run({id})"),
        18 => return assert_lease(machine, &run, lease).await,
        19 if machine.functions.contains("suspend_run") => return suspend(machine, &run, lease).await,
        20 => format!("public.settled_steps({id})"),
        21 => return outside_acts::open_callback(machine, &run, lease).await,
        22 => return outside_acts::start_child(machine, &run, lease).await,
        _ => return batch(machine, &run, lease).await,
    };
    fenced(machine, &run, lease, &format!("select {call}")).await.map(drop)
}

pub(super) async fn is_held(machine: &mut Machine, run: &str, lease: i64) -> Result<bool, String> {
    let held = machine
        .value(&format!(
            "select count(*) from runboard_internal.run_leases where run_id = '{run}' and lease_seq = {lease}"
        ))
        .await?;
    Ok(held == "1")
}

/// Asks, and holds the answer against the truth.
pub(super) async fn fenced(machine: &mut Machine, run: &str, lease: i64, sql: &str) -> Result<Answer, String> {
    let held = is_held(machine, run, lease).await?;
    let before = if held {
        String::new()
    } else {
        machine.look(FINGERPRINT).await?
    };
    let answer = machine.ask(sql).await?;
    if held {
        if answer.text() == "lost" {
            return Err(format!("a good lease was answered with lost: {sql}"));
        }
    } else {
        if !answer.text().contains("lost") && !matches!(answer, Answer::Refused(_)) {
            return Err(format!("a lease that is gone was answered with {answer:?}: {sql}"));
        }
        if machine.look(FINGERPRINT).await? != before {
            return Err(format!("a lease that is gone changed something: {sql}"));
        }
    }
    Ok(answer)
}

/// Several writes at once, among them one of somebody else.
async fn batch(machine: &mut Machine, run: &str, lease: i64) -> Result<(), String> {
    let number = machine.below(9);
    let id = format!("\"run_id\": \"{run}\", \"lease_seq\": {lease}");
    let end = machine.one_of(&["beat", "complete"]);
    let sql = format!(
        "select public.write_runs('[
           {{\"op\": \"step\", {id}, \"step\": {{\"step\": \"a\", \"position\": 0, \"title\": \"A\", \"kind\": \"api\", \"status\": \"running\", \"try\": 1}}}},
           {{\"op\": \"log\", {id}, \"step\": \"a\", \"seq\": {number}, \"lines\": \"x\"}},
           {{\"op\": \"{end}\", {id}, \"status\": \"success\"}}]')"
    );
    let answer = fenced(machine, run, lease, &sql).await?;
    if answer.text().matches("lost").count() % 3 != 0 {
        return Err(format!("one batch under one lease was answered with {answer:?}"));
    }
    Ok(())
}

async fn assert_lease(machine: &mut Machine, run: &str, lease: i64) -> Result<(), String> {
    let held = is_held(machine, run, lease).await?;
    let answer = machine
        .ask(&format!("select public.assert_lease('{run}', {lease})::text"))
        .await?;
    if held == matches!(answer, Answer::Told(_)) {
        Ok(())
    } else {
        Err(format!("assert_lease answered {answer:?}, held: {held}"))
    }
}

/// The run waits: for a person, for a time, or for somebody outside.
async fn suspend(machine: &mut Machine, run: &str, lease: i64) -> Result<(), String> {
    let wait = machine.one_of(&[
        r#"{"step": "b", "kind": "approval", "role": "operator", "message": "May it?"}"#,
        r#"{"step": "b", "kind": "approval", "role": "operator", "timeout_seconds": 30, "on_timeout": "approve"}"#,
        r#"{"step": "b", "kind": "approval", "role": "operator", "timeout_seconds": 30, "on_timeout": "fail"}"#,
        r#"{"step": "b", "kind": "timer", "timeout_seconds": 20}"#,
        r#"{"step": "b", "kind": "callback", "timeout_seconds": 600}"#,
    ]);
    let known = machine
        .value(&format!(
            "select count(*) from public.run_attempts where run_id = '{run}' and lease_seq = {lease} and outcome = 'suspended'"
        ))
        .await?;
    let sql = format!("select public.suspend_run('{run}', {lease}, '{wait}')");
    if known == "1" {
        // A resend is answered as the first time.
        let answer = machine.ask(&sql).await?;
        return if answer.text() == "ok" {
            Ok(())
        } else {
            Err(format!("a suspension sent twice was answered with {answer:?}"))
        };
    }
    fenced(machine, run, lease, &sql).await.map(drop)
}
