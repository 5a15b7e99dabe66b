-- Newest first, after the cursor, out of the runs that are held by a worker: few, wherever in the ledger.
with chosen as materialized (
  select r.run_id, row_number() over (order by r.created_at desc, r.run_id desc) as place
  from runboard_internal.run_leases as held
  join public.runs as r on r.run_id = held.run_id
