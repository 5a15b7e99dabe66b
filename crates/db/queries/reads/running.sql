-- What runs, then what waits for a person, a callback, a time or another run. Leases are few: lanes and slots
-- limit them. The limits guard against lanes without one, and against many that wait.
with chosen as materialized (
  (
    select l.run_id, row_number() over (order by l.claimed_at, l.run_id) as place
    from runboard_internal.run_leases as l
    order by l.claimed_at, l.run_id
    limit 500
  )
  union all
  (
    select w.run_id, 1000 + row_number() over (order by w.opened_at, w.run_id) as place
    from runboard_internal.run_waits as w
    order by w.opened_at, w.run_id
    limit 200
  )
)
