-- Each lane with its load. Counts stop at 100000: past that nobody reads the digits.
with later as materialized (
  select soon.lane, count(*) as runs
  from (select d.lane from runboard_internal.run_deferred as d limit 100000) as soon
  group by soon.lane
)
select
  n.name, n.title, n.purpose, n.position, n.max_running, n.max_per_key, n.rate_limit, n.rate_seconds, n.aging_seconds, n.version,
  n.paused_at, n.paused_by, n.pause_reason,
  held.runs as running,
  due.runs as queued,
  coalesce(later.runs, 0) as deferred,
  oldest.queued_at as oldest_queued_at
from public.lanes as n
cross join lateral (
  select count(*) as runs from runboard_internal.run_leases as l where l.lane = n.name
) as held
cross join lateral (
  select count(*) as runs
  from (select from runboard_internal.run_queue as q where q.lane = n.name limit 100000) as counted
) as due
cross join lateral (
  -- Without aging the oldest is the head of one of the priorities: jump from one to the next through the
  -- index. With aging every run has a place of its own and the old ones rise: the first 200 are enough.
  with recursive head as (
    (
      select q.rank, q.queued_at
      from runboard_internal.run_queue as q
      where n.aging_seconds is null and q.lane = n.name and not q.parked
      order by q.rank, q.seq
      limit 1
    )
    union all
    select next.rank, next.queued_at
    from head
    cross join lateral (
      select q.rank, q.queued_at
      from runboard_internal.run_queue as q
      where q.lane = n.name and not q.parked and q.rank > head.rank
      order by q.rank, q.seq
      limit 1
    ) as next
  ),
  shown as (
    (select head.queued_at from head limit 200)
    union all
    (
      select q.queued_at
      from runboard_internal.run_queue as q
      where n.aging_seconds is not null and q.lane = n.name and not q.parked
      order by q.rank, q.seq
      limit 200
    )
    union all
    (
      select q.queued_at
      from runboard_internal.run_queue as q
      where q.lane = n.name and q.parked
      order by q.rank, q.seq
      limit 1
    )
  )
  select min(shown.queued_at) as queued_at from shown
) as oldest
left join later on later.lane = n.name
order by n.position, n.name
