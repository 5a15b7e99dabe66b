-- Each part is null when all is well.
with place as materialized (
  select r.run_id, r.status,
    (select count(*) from runboard_internal.run_queue as q where q.run_id = r.run_id)
      + (select count(*) from runboard_internal.run_deferred as d where d.run_id = r.run_id) as queued,
    (select count(*) from runboard_internal.run_leases as l where l.run_id = r.run_id) as leased,
    (select count(*) from runboard_internal.run_waits as w where w.run_id = r.run_id) as waits
  from public.runs as r
)
select concat_ws('; ',
  (select 'run in no place or in two: ' || string_agg(format('%s %s', p.run_id, p.status), ', ') from place as p
     where p.queued <> (p.status = 'queued')::int or p.leased <> (p.status = 'running')::int or p.waits <> (p.status = 'waiting')::int),
  (select 'a place holds a run that is not there: ' || string_agg(o.run_id, ' ') from (
     select q.run_id from runboard_internal.run_queue as q
     union all select d.run_id from runboard_internal.run_deferred as d
     union all select l.run_id from runboard_internal.run_leases as l
     union all select w.run_id from runboard_internal.run_waits as w) as o
     where not exists (select from public.runs as r where r.run_id = o.run_id)),
  (select 'ends and final runs differ: ' || string_agg(coalesce(r.run_id, e.run_id), ' ')
     from (select x.run_id, x.lane, x.status, x.finished_at from public.runs as x where x.finished_at is not null) as r
     full join runboard_internal.run_ends as e on e.run_id = r.run_id and e.lane = r.lane and e.status = r.status and e.finished_at = r.finished_at
     where r.run_id is null or e.run_id is null),
  (select 'lane over its limit: ' || string_agg(l.name, ' ') from public.lanes as l
     where (select count(*) from runboard_internal.run_leases as x where x.lane = l.name) > l.max_running),
  (select 'key over its limit: ' || string_agg(k.concurrency_key, ' ') from (
     -- A waiting run keeps its key: nobody passes it.
     select x.concurrency_key from (
       select l.concurrency_key from runboard_internal.run_leases as l
       union all select w.concurrency_key from runboard_internal.run_waits as w) as x
     where x.concurrency_key is not null
     group by x.concurrency_key
     having count(*) > (select max(l.max_per_key) from public.lanes as l)) as k),
  (select 'one lease number twice: ' || string_agg(t.lease_seq::text, ' ') from (
     select s.lease_seq from (
       select l.lease_seq from runboard_internal.run_leases as l
       union all select a.lease_seq from public.run_attempts as a) as s
     group by s.lease_seq having count(*) > 1) as t),
  (select 'succeeded twice: ' || string_agg(t.run_id, ' ') from (
     select a.run_id from public.run_attempts as a where a.outcome = 'success' group by a.run_id having count(*) > 1) as t),
  (select 'attempts do not add up: ' || string_agg(r.run_id, ' ') from public.runs as r
     where r.attempt <> (select count(*) from public.run_attempts as a where a.run_id = r.run_id and a.outcome not in ('released', 'suspended'))
       + (r.status = 'running')::int),
  (select 'more failures than allowed: ' || string_agg(r.run_id, ' ') from public.runs as r
     where (select count(*) from public.run_attempts as a where a.run_id = r.run_id and a.outcome in ('failed', 'retried', 'timeout')) > r.max_attempts),
  (select 'more crashes than allowed: ' || string_agg(r.run_id, ' ') from public.runs as r
     where r.crash_count > (select s.value from runboard_internal.settings as s where s.key = 'max_crashes')),
  (select 'crashes do not add up: ' || string_agg(r.run_id, ' ') from public.runs as r
     where r.crash_count <> (select count(*) from public.run_attempts as a where a.run_id = r.run_id and a.outcome = 'lost')),
  (select 'not one final event: ' || string_agg(r.run_id, ' ') from public.runs as r
     where (select count(*) from public.run_events as e where e.run_id = r.run_id and e.lease_seq = 0 and e.kind in ('success', 'failed', 'canceled'))
       <> (r.finished_at is not null)::int),
  (select 'claims and events differ: ' || string_agg(r.run_id, ' ') from public.runs as r
     where (select count(*) from public.run_events as e where e.run_id = r.run_id and e.lease_seq = 0 and e.kind = 'claimed')
       <> (select count(*) from public.run_attempts as a where a.run_id = r.run_id) + (r.status = 'running')::int),
  (select 'a step runs without a lease: ' || string_agg(s.run_id, ' ') from public.run_steps as s
     where s.status = 'running' and not exists (
       select from runboard_internal.run_leases as l where l.run_id = s.run_id and l.lease_seq = s.lease_seq)),
  (select 'a step started two runs: ' || string_agg(t.parent_run_id, ' ') from (
     select r.parent_run_id from public.runs as r where r.parent_run_id is not null and r.idempotency_key like 'step %'
     group by r.parent_run_id, r.idempotency_key having count(*) > 1) as t),
  (select 'a schedule started one time twice: ' || string_agg(t.schedule, ' ') from (
     -- A child names the schedule of its parent.
     select r.requested_by ->> 'schedule' as schedule from public.runs as r where r.requested_by ? 'tick_at' and r.parent_run_id is null
     group by 1, r.requested_by ->> 'tick_at' having count(*) > 1) as t),
  (select 'a bulk operation and its items differ: ' || string_agg(b.bulk_id::text, ' ') from public.bulk_operations as b
     where (b.done_count, b.skipped_count, b.failed_count) <> (
       select count(*) filter (where i.outcome = 'done'), count(*) filter (where i.outcome = 'skipped'), count(*) filter (where i.outcome = 'failed')
       from runboard_internal.bulk_items as i where i.bulk_id = b.bulk_id)
     or b.preview_count <> (select count(*) from runboard_internal.bulk_items as i where i.bulk_id = b.bulk_id)))
