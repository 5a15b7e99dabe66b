-- A lane with few runs, whole: what ended by the list of ends, what is open by the tables of the queue.
select run.*
from (
  (
    select e.run_id from runboard_internal.run_ends as e where e.lane = any ($2::text[])
    order by e.lane, e.finished_at
    offset 0
  )
  union all
  select q.run_id from runboard_internal.run_queue as q where q.lane = any ($2)
  union all
  select d.run_id from runboard_internal.run_deferred as d where d.lane = any ($2)
  union all
  select l.run_id from runboard_internal.run_leases as l where l.lane = any ($2)
  union all
  select w.run_id from runboard_internal.run_waits as w where w.lane = any ($2)
) as of_lane
cross join lateral (select one.* from public.runs as one where one.run_id = of_lane.run_id offset 0) as run
