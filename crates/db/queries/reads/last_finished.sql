-- The $1 runs of each lane that ended last.
with chosen as materialized (
  select last.run_id, row_number() over (order by n.position, last.finished_at desc, last.run_id desc) as place
  from public.lanes as n
  cross join lateral (
    select r.run_id, r.finished_at
    from public.runs as r
    where r.lane = n.name and r.finished_at is not null
    order by r.finished_at desc
    limit $1
  ) as last
)
