-- The last $1 minutes, at most 60, oldest first; the last of them is not over yet.
-- A run is in the queue from when it may start until it first starts or ends: of the runs that left it
-- within the window the list of ends tells (of each lane the 200000 last), of those still in it the queue
-- itself (the first 100000).
with span as materialized (
  select
    date_trunc('minute', runboard_internal.clock()) - make_interval(mins => least(greatest($1, 1), 60) - 1) as first_minute,
    date_trunc('minute', runboard_internal.clock()) as last_minute
),
ended as materialized (
  select e.status, e.finished_at, e.entered_at, e.left_at
  from public.lanes as n
  cross join span
  cross join lateral (
    select last.status, last.finished_at, last.entered_at, last.left_at
    from runboard_internal.run_ends as last
    where last.lane = n.name and last.finished_at >= span.first_minute
    order by last.finished_at desc
    limit 200000
  ) as e
),
move as (
  select e.entered_at as at, 1 as step from ended as e
  union all
  select e.left_at, -1 from ended as e
  union all
  select moved.at, moved.step
  from runboard_internal.run_leases as l
  join public.runs as r on r.run_id = l.run_id
  cross join lateral (values
    (greatest(r.created_at, case when r.attempt <= 1 then r.run_after end), 1), (r.started_at, -1)
  ) as moved (at, step)
),
-- What is queued is counted first: it may be a hundred thousand, and falls into few minutes.
queued as (
  select date_bin('1 minute', q.queued_at, timestamptz 'epoch') as minute, count(*) as steps
  from (select due.queued_at from runboard_internal.run_queue as due limit 100000) as q
  group by 1
),
-- What moved before the window is where the depth starts.
moved as (
  select greatest(step.minute, span.first_minute) as minute, sum(step.steps) as steps
  from (
    select date_bin('1 minute', move.at, timestamptz 'epoch') as minute, sum(move.step) as steps from move group by 1
    union all
    select queued.minute, queued.steps from queued
  ) as step
  cross join span
  group by 1
),
done as (
  select date_bin('1 minute', e.finished_at, timestamptz 'epoch') as minute,
    count(*) filter (where e.status <> 'failed') as finished,
    count(*) filter (where e.status = 'failed') as failed
  from ended as e
  group by 1
)
select
  m.minute,
  coalesce(done.finished, 0) as finished,
  coalesce(done.failed, 0) as failed,
  greatest(sum(coalesce(moved.steps, 0)) over (order by m.minute), 0)::bigint as queue_depth
from span
cross join lateral generate_series(span.first_minute, span.last_minute, interval '1 minute') as m (minute)
left join done on done.minute = m.minute
left join moved on moved.minute = m.minute
order by m.minute
