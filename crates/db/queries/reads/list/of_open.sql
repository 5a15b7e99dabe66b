-- What is open stands in small tables of its own; the ledger gives each of them by its id.
select run.*
from (
  select q.run_id from runboard_internal.run_queue as q where 'queue' = any ($19::text[]) and ($2::text[] is null or q.lane = any ($2))
  union all
  select d.run_id from runboard_internal.run_deferred as d where 'deferred' = any ($19) and ($2 is null or d.lane = any ($2))
  union all
  select l.run_id from runboard_internal.run_leases as l where 'leases' = any ($19) and ($2 is null or l.lane = any ($2))
  union all
  select w.run_id from runboard_internal.run_waits as w where 'waits' = any ($19) and ($2 is null or w.lane = any ($2))
) as open
cross join lateral (select one.* from public.runs as one where one.run_id = open.run_id offset 0) as run
