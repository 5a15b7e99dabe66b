-- $1 runs per lane: those that are due in the order of the claim, then those that wait, by due time.
-- Waiting runs have an index by due time only, so a lane shows those among the first 1000 of all lanes.
with soon as materialized (
  select d.run_id, d.lane, d.due_at
  from runboard_internal.run_deferred as d
  order by d.due_at
  limit 1000
),
chosen as materialized (
  select next.run_id,
    row_number() over (order by n.position, next.waits, next.rank, next.seq, next.due_at, next.run_id) as place
  from public.lanes as n
  cross join lateral (
    (
      select q.run_id, 0 as waits, q.rank, q.seq, null::timestamptz as due_at
      from runboard_internal.run_queue as q
      where q.lane = n.name and not q.parked
      order by q.rank, q.seq
      limit $1
    )
    union all
    (
      -- Their key is taken: they follow those that can be claimed.
      select q.run_id, 1, q.rank, q.seq, null
      from runboard_internal.run_queue as q
      where q.lane = n.name and q.parked
      order by q.rank, q.seq
      limit $1
    )
    union all
    (
      select s.run_id, 2, 0, 0, s.due_at
      from soon as s
      where s.lane = n.name
      order by s.due_at
      limit $1
    )
    order by waits, rank, seq, due_at
    limit $1
  ) as next
)
