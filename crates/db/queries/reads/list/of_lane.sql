-- A lane with few runs, whole: those that ended by their index, those that are open from their small tables.
(
  select ended.*
  from public.runs as ended
  where ended.lane = any (array[$2::text]) and ended.finished_at is not null
  order by ended.lane, ended.finished_at desc
  offset 0
)
union all
select run.*
from (
  select q.run_id from runboard_internal.run_queue as q where q.lane = $2
  union all
  select d.run_id from runboard_internal.run_deferred as d where d.lane = $2
  union all
  select l.run_id from runboard_internal.run_leases as l where l.lane = $2
  union all
  select w.run_id from runboard_internal.run_waits as w where w.lane = $2
) as open
cross join lateral (select one.* from public.runs as one where one.run_id = open.run_id offset 0) as run
