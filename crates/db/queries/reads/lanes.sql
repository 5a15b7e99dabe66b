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
  -- The oldest is the head of one of the priorities: jump from priority to priority through the index.
  with recursive head as (
    (
      select q.priority, q.queued_at
      from runboard_internal.run_queue as q
      where q.lane = n.name
      order by q.priority, q.seq
      limit 1
    )
    union all
    select next.priority, next.queued_at
    from head
    cross join lateral (
      select q.priority, q.queued_at
      from runboard_internal.run_queue as q
      where q.lane = n.name and q.priority > head.priority
      order by q.priority, q.seq
      limit 1
    ) as next
  )
  select min(head.queued_at) as queued_at from head
) as oldest
left join later on later.lane = n.name
order by n.position, n.name
