//! What is looked at after every act.

use super::machine::Machine;

/// A second ledger beside the first: what was seen to be final.
pub(super) const SHADOW: &str = "
  create schema shadow;
  create table shadow.finals (run_id text primary key, status text not null, finished_at timestamptz not null, result jsonb, error jsonb)";

/// Everything that attempts can leave, as one number.
pub(super) const FINGERPRINT: &str = "
  select md5(concat(
    (select string_agg(r::text, '' order by run_id) from public.runs as r),
    (select string_agg(l::text, '' order by run_id) from runboard_internal.run_leases as l),
    (select string_agg(w::text, '' order by run_id) from runboard_internal.run_waits as w),
    (select string_agg(a::text, '' order by run_id, lease_seq) from public.run_attempts as a),
    (select string_agg(s::text, '' order by run_id, lease_seq, step) from public.run_steps as s),
    (select string_agg(e::text, '' order by run_id, lease_seq, seq) from public.run_events as e),
    (select string_agg(c::text, '' order by run_id, lease_seq, seq) from public.run_log_chunks as c),
    (select string_agg(x.run_id || x.name, '' order by x.run_id, x.lease_seq, x.name) from public.artifacts as x)))";

/// Final states are absorbing: what was seen final is as it was seen.
const CHANGED: &str = "
  select string_agg(f.run_id, ' ') from shadow.finals as f
  left join public.runs as r on r.run_id = f.run_id
  where (r.status, r.finished_at) is distinct from (f.status, f.finished_at) or r.result is distinct from f.result or r.error is distinct from f.error";

const REMEMBER: &str = "
  with new as (
    insert into shadow.finals
    select r.run_id, r.status, r.finished_at, r.result, r.error from public.runs as r where r.finished_at is not null
    on conflict do nothing
    returning run_id)
  select string_agg(n.run_id, ' ') from new as n";

/// Everything holds now.
pub(super) async fn hold(machine: &mut Machine) -> Result<(), String> {
    let broken = machine.look(testkit::BROKEN).await?;
    if !broken.is_empty() {
        return Err(broken);
    }
    let changed = machine.look(CHANGED).await?;
    if !changed.is_empty() {
        return Err(format!("a final run changed: {changed}"));
    }
    machine.look(REMEMBER).await.map(drop)
}
