-- Newest first, after the cursor, out of the runs that are held by a worker or wait: few, wherever in the ledger.
with chosen as materialized (
  select r.run_id, row_number() over (order by r.created_at desc, r.run_id desc) as place
  from (
    select l.run_id from runboard_internal.run_leases as l
    union all
    select w.run_id from runboard_internal.run_waits as w
  ) as held
  join public.runs as r on r.run_id = held.run_id
