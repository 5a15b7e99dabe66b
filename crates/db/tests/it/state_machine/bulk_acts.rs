//! One wish for many runs: made by people, worked through under the lease of its run, settled by servers.

use super::{
    acts,
    lease_acts::fenced,
    machine::{Answer, Machine},
};
use serde_json::json;

/// One act about bulk operations.
pub(super) async fn any(machine: &mut Machine) -> Result<(), String> {
    match machine.below(10) {
        0..3 => create(machine).await,
        3..9 => apply(machine).await,
        _ => settle(machine).await,
    }
}

/// A few runs, final or not; a rerun carries a mark by which its runs are known.
async fn create(machine: &mut Machine) -> Result<(), String> {
    let mut runs = Vec::new();
    for _ in 0..=machine.below(5) {
        runs.extend(machine.any_run().await?);
    }
    runs.sort();
    runs.dedup();
    if runs.is_empty() {
        return Ok(());
    }
    machine.numbers += 1;
    let verb = machine.one_of(&["cancel", "retry", "rerun", "rerun"]);
    let mut spec = json!({"verb": verb, "run_ids": runs, "expected_count": runs.len(), "idempotency_key": format!("bulk {}", machine.numbers)});
    if verb == "rerun" {
        spec["changes"] = json!({"priority": 1, "options": {"bulk": format!("mark {}", machine.numbers)}});
    }
    let call = format!("select public.create_bulk('{spec}') ->> 'bulk_id'");
    let first = machine.ask(&call).await?;
    let again = machine.ask(&call).await?;
    if matches!(first, Answer::Told(_)) && first == again {
        Ok(())
    } else {
        Err(format!("one wish sent twice was answered {first:?} and {again:?}"))
    }
}

/// Works on a bulk operation under some lease that its run ever had, one step and mostly another.
async fn apply(machine: &mut Machine) -> Result<(), String> {
    let worker = acts::any_worker(machine);
    acts::claim(machine, &worker, 3).await?;
    let held = machine
        .value(
            "select string_agg(l.run_id || ' ' || l.lease_seq, ',' order by l.lease_seq) from runboard_internal.run_leases as l
             join public.runs as r on r.run_id = l.run_id where r.action = 'runs.bulk'",
        )
        .await?;
    let mut leases: Vec<(String, i64)> = held
        .split(',')
        .filter_map(|lease| lease.split_once(' '))
        .filter_map(|(run, lease)| Some((run.to_owned(), lease.parse().ok()?)))
        .collect();
    if machine.chance(15) {
        // A worker that lost its lease, or whose run does no bulk operation.
        leases.extend(machine.leases.last().cloned());
    }
    if leases.is_empty() {
        return Ok(());
    }
    let at = machine.below(100) as usize % leases.len();
    let (run, lease) = leases.swap_remove(at);
    let call = format!("select public.apply_bulk('{run}', {lease}, {})", machine.below(2) + 1);
    fenced(machine, &run, lease, &call).await?;
    if machine.chance(70) {
        fenced(machine, &run, lease, &call).await?;
    }
    Ok(())
}

/// What a server does every second: no operation outlives its run.
pub(super) async fn settle(machine: &mut Machine) -> Result<(), String> {
    machine.ask("select public.settle_bulks()").await?;
    let left = machine
        .value(
            "select string_agg(b.run_id, ' ') from public.bulk_operations as b left join public.runs as r on r.run_id = b.run_id
             where b.finished_at is null and (r.run_id is null or r.finished_at is not null)",
        )
        .await?;
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("operations outlive their runs: {left}"))
    }
}
