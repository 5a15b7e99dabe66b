-- Leases are few: lanes and slots limit them. The limit guards against lanes without one.
with chosen as materialized (
  select l.run_id, row_number() over (order by l.claimed_at, l.run_id) as place
  from runboard_internal.run_leases as l
  order by l.claimed_at, l.run_id
  limit 500
)
