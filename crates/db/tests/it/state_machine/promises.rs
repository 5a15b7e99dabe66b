//! What is looked at after every act.

use super::machine::Machine;

/// A second ledger beside the first: what was seen to be final.
pub(super) const SHADOW: &str = "
  create schema shadow;
  create table shadow.finals (run_id text primary key, status text not null, finished_at timestamptz not null, result jsonb, error jsonb);
  create table shadow.answers (token_sha256 text primary key, outcome jsonb, answered_at timestamptz)";

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
    (select string_agg(x.run_id || x.name, '' order by x.run_id, x.lease_seq, x.name) from public.artifacts as x),
    (select string_agg(c::text, '' order by token_sha256) from runboard_internal.run_callbacks as c),
    (select string_agg(i::text, '' order by bulk_id, place) from runboard_internal.bulk_items as i)))";

/// Final states are absorbing: what was seen final is as it was seen, until it may be forgotten.
const CHANGED: &str = "
  select string_agg(f.run_id, ' ') from shadow.finals as f
  left join public.runs as r on r.run_id = f.run_id
  where case when r.run_id is null then f.finished_at > runboard_internal.clock() - interval '1 day'
    else (r.status, r.finished_at) is distinct from (f.status, f.finished_at) or r.result is distinct from f.result or r.error is distinct from f.error end";

const REMEMBER: &str = "
  with new as (
    insert into shadow.finals
    select r.run_id, r.status, r.finished_at, r.result, r.error from public.runs as r where r.finished_at is not null
    on conflict do nothing
    returning run_id)
  select string_agg(n.run_id, ' ') from new as n";

/// The first answer of a callback stands.
const ANSWERED_ANEW: &str = "
  with answered as (
    select c.token_sha256, c.outcome, c.answered_at from runboard_internal.run_callbacks as c where c.answered_at is not null),
  new as (
    insert into shadow.answers select * from answered on conflict do nothing returning token_sha256)
  select string_agg(s.token_sha256, ' ') from shadow.answers as s
  join runboard_internal.run_callbacks as c on c.token_sha256 = s.token_sha256
  where (c.outcome, c.answered_at) is distinct from (s.outcome, s.answered_at)";

/// By the mark on what a bulk operation starts: each item started one run, and the item knows it.
const DONE_TWICE: &str = "
  select string_agg(i.run_id, ' ') from public.bulk_operations as b
  join runboard_internal.bulk_items as i on i.bulk_id = b.bulk_id
  cross join lateral (
    select count(*) as made, count(*) filter (where r.run_id = i.new_run_id) as known from public.runs as r
    where r.parent_run_id = i.run_id and r.options -> 'bulk' = b.changes -> 'options' -> 'bulk') as m
  where b.verb = 'rerun' and (m.made > 1 or m.made <> m.known)";

/// By what the runs say of themselves, not by the ticks that the function counts.
const OVER_THE_CAP: &str = "
  select string_agg(t.name || ' ' || t.day, ', ') from (
    select s.name, date_trunc('day', r.created_at at time zone s.zone) as day
    from public.schedules as s
    join public.runs as r on r.requested_by ->> 'schedule' = s.schedule_id::text and r.requested_by ? 'tick_at' and r.parent_run_id is null
    group by s.schedule_id, 2 having count(*) > s.daily_cap) as t";

/// The meters, which forget nothing, say what was seen.
const MISCOUNTED: &str = "
  select string_agg(concat_ws(' ', coalesce(f.status, t.what), f.seen, t.told), ', ')
  from (select status, count(*) as seen from shadow.finals group by status) as f
  full join (select what, sum(total) as told from public.run_totals() where what <> 'recovered' group by what) as t on t.what = f.status
  where f.seen is distinct from t.told";

/// Everything holds now.
pub(super) async fn hold(machine: &mut Machine) -> Result<(), String> {
    for (wrong, query) in [
        ("", testkit::BROKEN),
        ("a final run changed: ", CHANGED),
        ("a callback was answered anew: ", ANSWERED_ANEW),
        ("a bulk operation did an item twice: ", DONE_TWICE),
        ("a schedule is over its daily cap: ", OVER_THE_CAP),
    ] {
        let found = machine.look(query).await?;
        if !found.is_empty() {
            return Err(format!("{wrong}{found}"));
        }
    }
    machine.look(REMEMBER).await?;
    let miscounted = machine.look(MISCOUNTED).await?;
    if miscounted.is_empty() {
        Ok(())
    } else {
        Err(format!("runs that ended, seen and told: {miscounted}"))
    }
}
