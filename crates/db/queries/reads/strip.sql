-- The numbers of the board that are not sums over lanes. Counts of a lane's day stop at 100000.
with moment as materialized (
  select runboard_internal.clock() as now
),
fleet as (
  select
    count(*) filter (where w.expires_at > moment.now) as workers_fresh,
    count(*) filter (where w.expires_at <= moment.now) as workers_stale,
    coalesce(sum(w.slots) filter (where w.expires_at > moment.now and w.draining_at is null), 0)::bigint as slots
  from public.workers as w
  cross join moment
  where w.stopped_at is null and w.heartbeat_at > moment.now - interval '24 hours'
),
held as (
  select count(*) as running, count(*) filter (where l.expires_at <= moment.now) as stuck
  from runboard_internal.run_leases as l
  cross join moment
),
ended as (
  select sum(day.runs)::bigint as finished_24h
  from public.lanes as n
  cross join moment
  cross join lateral (
    select count(*) as runs
    from (
      select
      from runboard_internal.run_ends as e
      where e.lane = n.name and e.finished_at > moment.now - interval '24 hours'
      limit 100000
    ) as counted
  ) as day
),
failed as (
  select count(*) as failed_24h
  from runboard_internal.run_ends as e
  where e.status = 'failed' and e.finished_at > (select moment.now - interval '24 hours' from moment)
),
lost as (
  select count(*) as recovered_24h
  from public.run_attempts as a
  where a.outcome = 'lost' and a.ended_at > (select moment.now - interval '24 hours' from moment)
)
select workers_fresh, workers_stale, slots, running, coalesce(finished_24h, 0) as finished_24h, failed_24h, stuck, recovered_24h
from fleet, held, ended, failed, lost
