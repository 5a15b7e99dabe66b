-- The $1 runs of each lane that ended last.
with chosen as materialized (
  select last.run_id, row_number() over (order by n.position, last.finished_at desc, last.run_id desc) as place
  from public.lanes as n
  cross join lateral (
    select e.run_id, e.finished_at
    from runboard_internal.run_ends as e
    where e.lane = n.name
    order by e.finished_at desc
    limit $1
  ) as last
)
