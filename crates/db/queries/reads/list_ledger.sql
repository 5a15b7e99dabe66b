-- Newest first, after the cursor, out of the whole ledger. It is planned anew for the filters of each call,
-- so those that are absent cost nothing.
with chosen as materialized (
  select r.run_id, row_number() over (order by r.created_at desc, r.run_id desc) as place
  from public.runs as r
