//! What hands do: enqueue, claim, steer, move time. What is done under a lease is in [`super::lease_acts`].

use super::{
    bulk_acts, lease_acts,
    machine::{Answer, Machine},
    outside_acts, schedule_acts,
};
use serde_json::{Value, json};

/// One act, by chance.
pub(super) async fn any(machine: &mut Machine) -> Result<(), String> {
    match machine.below(100) {
        0..11 => enqueue(machine).await,
        11..15 => enqueue_with_key(machine).await,
        15..17 => enqueue_many(machine).await,
        17..32 => {
            let worker = any_worker(machine);
            let want = machine.below(6) + 1;
            let claimed = claim(machine, &worker, want).await?;
            if machine.chance(15) && !claimed.is_empty() {
                outside_acts::finish(machine, claimed).await?;
            }
            Ok(())
        }
        32..58 => lease_acts::any(machine).await,
        58..64 => steer(machine).await,
        64..66 => lane(machine).await,
        66..69 => worker(machine).await,
        69..72 => settle_one_wait(machine).await,
        72..75 => outside_acts::answer_callback(machine).await,
        75..79 => sweep(machine).await,
        79 => explain(machine).await,
        80..87 => schedule_acts::any(machine).await,
        87..94 => bulk_acts::any(machine).await,
        94 => count_or_forget(machine).await,
        _ => {
            let seconds = [1, 3, 10, 22, 45, 400][machine.below(6) as usize];
            // Now and then nobody works for more than a day.
            let seconds = if machine.chance(4) { 90_000 } else { seconds };
            machine.advance(seconds).await
        }
    }
}

/// A server counts what has ended, or runs that ended long ago are forgotten; the promises look at both.
async fn count_or_forget(machine: &mut Machine) -> Result<(), String> {
    let act = machine.one_of(&["count_ended_runs()", "apply_retention('runs', 200)"]);
    machine.ask(&format!("select public.{act}")).await.map(drop)
}

pub(super) fn any_worker(machine: &mut Machine) -> String {
    let at = machine.below(4) as usize;
    machine.workers[at].clone()
}

fn quoted(value: &Value) -> String {
    value.to_string().replace('\'', "''")
}

fn spec(machine: &mut Machine) -> Value {
    machine.numbers += 1;
    let mut spec = json!({"title": format!("run {}", machine.numbers), "lane": machine.one_of(&["A", "B", "C"]), "priority": machine.below(3)});
    if machine.chance(40) {
        spec["template"] = json!("flow");
        spec["params"] = json!({"url": "x", "times": machine.below(3)});
    } else {
        spec["action"] = json!("test.noop");
        spec["options"] = json!({"size": machine.below(3)});
        spec["max_attempts"] = json!(machine.below(3) + 1);
        spec["timeout_seconds"] = json!(40);
    }
    if machine.chance(35) {
        spec["concurrency_key"] = json!(format!("key {}", machine.below(4)));
    }
    if machine.chance(25) {
        spec["coalesce"] = json!(true);
    }
    spec
}

async fn enqueue(machine: &mut Machine) -> Result<(), String> {
    let mut spec = spec(machine);
    if machine.chance(20) {
        let later = machine
            .value("select to_json(runboard_internal.clock() + interval '30 seconds') #>> '{}'")
            .await?;
        spec["run_after"] = json!(later);
    }
    let answer = machine
        .ask(&format!("select public.enqueue_run('{}')", quoted(&spec)))
        .await?;
    let told: Value = serde_json::from_str(answer.text()).map_err(|_| format!("an enqueue was refused: {answer:?}"))?;
    let (run, joined) = (
        told["run_id"].as_str().unwrap_or_default(),
        told["coalesced"] == json!(true),
    );
    let waits = machine
        .value(&format!("select status from public.runs where run_id = '{run}'"))
        .await?;
    if waits != "queued" {
        return Err(format!(
            "an enqueue answered with a run that is {waits}, joined: {joined}"
        ));
    }
    Ok(())
}

/// A key names one run as long as it lives, in each mode.
async fn enqueue_with_key(machine: &mut Machine) -> Result<(), String> {
    let key = format!("click {}", machine.below(12));
    let mode = machine.one_of(&["return", "reject", "replace"]);
    let known = machine
        .value(&format!(
            "select k.run_id || ' ' || r.status from runboard_internal.idempotency_keys as k
             join public.runs as r on r.run_id = k.run_id
             where k.key = '{key}' and k.expires_at > runboard_internal.clock()"
        ))
        .await?;
    let spec = json!({"action": "test.noop", "lane": "A", "options": {"click": key}, "idempotency_key": key, "idempotency_mode": mode});
    let answer = machine
        .ask(&format!("select public.enqueue_run('{}')", quoted(&spec)))
        .await?;
    let told: Value = serde_json::from_str(answer.text()).unwrap_or(Value::Null);
    let run = told["run_id"].as_str().unwrap_or_default();
    let (named, status) = known.split_once(' ').unwrap_or_default();
    let fits = match (mode, status) {
        (_, "") => told["created"] == json!(true),
        ("return", _) => run == named && told["created"] == json!(false),
        ("replace", "queued") => told["created"] == json!(true) && run != named,
        _ => matches!(answer, Answer::Refused(_)),
    };
    if fits {
        Ok(())
    } else {
        Err(format!("mode {mode} with a key of {known:?} answered {answer:?}"))
    }
}

async fn enqueue_many(machine: &mut Machine) -> Result<(), String> {
    let count = machine.below(4) + 1;
    let specs: Vec<Value> = (0..count).map(|_| spec(machine)).collect();
    let answer = machine
        .ask(&format!(
            "select count(*) from public.enqueue_runs('{}')",
            quoted(&json!(specs))
        ))
        .await?;
    if answer.text() == count.to_string() {
        Ok(())
    } else {
        Err(format!("{count} specs were answered with {answer:?}"))
    }
}

/// Claims and checks what was given: nothing of a paused lane, nothing before its time, nothing too much.
pub(super) async fn claim(machine: &mut Machine, worker: &str, want: u32) -> Result<Vec<(String, i64)>, String> {
    let paused = machine
        .value("select coalesce(string_agg(name, ','), '') from public.lanes where paused_at is not null")
        .await?;
    let leaves = machine
        .value(&format!(
            "select (draining_at is not null or stopped_at is not null)::text from public.workers where worker_id = '{worker}'"
        ))
        .await?;
    let answer = machine
        .ask(&format!(
            "select string_agg(run_id || ' ' || lease_seq || ' ' || lane, ',')
             from public.claim_runs('{worker}', array['A', 'B', 'C', 'D'], {want})"
        ))
        .await?;
    let mut claimed = Vec::new();
    for line in answer.text().split(',').filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let (run, lease, lane) = (
            words.next().unwrap_or_default(),
            words.next().and_then(|lease| lease.parse().ok()).unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        if paused.split(',').any(|paused| paused == lane) {
            return Err(format!("lane {lane} is paused and gave {run}"));
        }
        claimed.push((run.to_owned(), lease));
    }
    if claimed.len() > want as usize || (leaves == "true" && !claimed.is_empty()) {
        return Err(format!(
            "{} runs were given to a worker that wanted {want}, leaving: {leaves}",
            claimed.len()
        ));
    }
    let early = machine
        .value(
            "select string_agg(r.run_id, ' ') from runboard_internal.run_leases as l
             join public.runs as r on r.run_id = l.run_id where r.run_after > l.claimed_at",
        )
        .await?;
    if !early.is_empty() {
        return Err(format!("runs began before their time: {early}"));
    }
    machine.leases.extend(claimed.iter().cloned());
    Ok(claimed)
}

/// Recovers; who was in order keeps the lease, who was not has lost it.
pub(super) async fn sweep(machine: &mut Machine) -> Result<(), String> {
    let over = "l.expires_at <= runboard_internal.clock() or l.deadline_at + interval '5 seconds' <= runboard_internal.clock()";
    let alive = machine
        .value(&format!(
            "select string_agg(l.lease_seq::text, ',' order by l.lease_seq) from runboard_internal.run_leases as l
             where ({over}) is not true and l.expires_at > runboard_internal.clock() + interval '2 seconds'
               and (l.deadline_at is null or l.deadline_at > runboard_internal.clock())"
        ))
        .await?;
    machine.ask("select public.sweep_stuck_runs(1000)").await?;
    let kept = format!("array(select unnest(string_to_array(nullif('{alive}', ''), ','))::bigint)");
    let taken = machine
        .value(&format!(
            "select string_agg(s::text, ' ') from unnest({kept}) as s
             where s not in (select l.lease_seq from runboard_internal.run_leases as l)"
        ))
        .await?;
    let left = machine
        .value(
            "select string_agg(l.run_id, ' ') from runboard_internal.run_leases as l
             where l.expires_at <= runboard_internal.clock() - interval '2 seconds'",
        )
        .await?;
    if taken.is_empty() && left.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "a sweep took the leases {taken:?} that were good and left the runs {left:?} that were lost"
        ))
    }
}

async fn steer(machine: &mut Machine) -> Result<(), String> {
    let Some(run) = machine.any_run().await? else {
        return Ok(());
    };
    let act = match machine.below(5) {
        0 => format!("public.cancel_run('{run}', 'enough')"),
        1 => format!("public.cancel_run('{run}', null, true)"),
        2 => format!("public.retry_run('{run}')"),
        3 => format!("public.rerun_run('{run}', '{{\"priority\": 1}}')"),
        _ => format!("public.rerun_run('{run}', '{{}}', 'b')"),
    };
    machine.ask(&format!("select {act}")).await.map(drop)
}

async fn lane(machine: &mut Machine) -> Result<(), String> {
    let lane = machine.one_of(&["A", "B", "C", "D"]);
    let act = machine.one_of(&["pause_lane", "resume_lane", "resume_lane"]);
    machine.ask(&format!("select public.{act}('{lane}')")).await.map(drop)
}

/// A worker beats, is drained, or takes its leave and another one comes.
async fn worker(machine: &mut Machine) -> Result<(), String> {
    let at = machine.below(4) as usize;
    let worker = machine.workers[at].clone();
    match machine.below(6) {
        0 => {
            machine.ask(&format!("select public.drain_worker('{worker}')")).await?;
        }
        1 | 2 => {
            machine
                .ask(&format!("select public.deregister_worker('{worker}')"))
                .await?;
            let held = machine
                .value(&format!(
                    "select count(*) from runboard_internal.run_leases where worker_id = '{worker}'"
                ))
                .await?;
            if held != "0" {
                return Err(format!("a worker left and still holds {held} runs"));
            }
            machine.numbers += 1;
            let name = format!("w{}", machine.numbers);
            machine.workers[at] = machine.world.worker(&name).await.to_string();
        }
        _ => {
            machine
                .ask(&format!("select public.heartbeat_worker('{worker}')"))
                .await?;
        }
    }
    Ok(())
}

/// Somebody decides about one wait.
async fn settle_one_wait(machine: &mut Machine) -> Result<(), String> {
    let waiting = machine
        .value("select run_id || ' ' || kind || ' ' || step from runboard_internal.run_waits order by opened_at, run_id limit 1")
        .await?;
    settle(machine, &waiting).await
}

/// People decide about everything that waits.
pub(super) async fn settle_waits(machine: &mut Machine) -> Result<(), String> {
    let waits = machine
        .value("select string_agg(run_id || ' ' || kind || ' ' || step, ',' order by run_id) from runboard_internal.run_waits")
        .await?;
    for waiting in waits.split(',') {
        settle(machine, waiting).await?;
    }
    Ok(())
}

async fn settle(machine: &mut Machine, waiting: &str) -> Result<(), String> {
    let mut words = waiting.splitn(3, ' ');
    let (Some(run), Some(kind), Some(step)) = (words.next(), words.next(), words.next()) else {
        return Ok(());
    };
    if kind == "approval" && machine.functions.contains("approve_step") {
        let decision = machine.one_of(&["approve", "approve", "reject"]);
        machine
            .ask(&format!(
                "select public.approve_step('{run}', '{step}', '{decision}', 'a note')"
            ))
            .await?;
    } else if machine.functions.contains("resume_run") {
        machine
            .ask(&format!("select public.resume_run('{run}', '{{}}')"))
            .await?;
    }
    Ok(())
}

async fn explain(machine: &mut Machine) -> Result<(), String> {
    let Some(run) = machine.any_run().await? else {
        return Ok(());
    };
    machine
        .ask(&format!("select public.explain_wait('{run}')"))
        .await
        .map(drop)
}
