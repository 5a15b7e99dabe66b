-- How many runs stand in each part of the ledger that the filter names, counted no further than $5. What is
-- read is chosen by that, not by what the planner believes of a value: it is wrong about rare and absent
-- ones, and about those that are frequent but old. `any` and the order leave it one index each.
select
  case when $1::text[] <@ '{queued,running,waiting}' then (
    select count(*)
    from (
      select 1 from runboard_internal.run_queue as q where 'queued' = any ($1) and ($2::text is null or q.lane = $2)
      union all
      select 1 from runboard_internal.run_deferred as d where 'queued' = any ($1) and ($2 is null or d.lane = $2)
      union all
      select 1 from runboard_internal.run_leases as l where 'running' = any ($1) and ($2 is null or l.lane = $2)
      union all
      select 1 from runboard_internal.run_waits as w where 'waiting' = any ($1) and ($2 is null or w.lane = $2)
      limit $5
    ) as open
  ) end as open,
  case when $2 is not null then (
    select count(*)
    from (
      (
        select 1 from runboard_internal.run_ends as e where e.lane = any (array[$2])
        order by e.lane, e.finished_at
        limit $5
      )
      union all
      select 1 from runboard_internal.run_queue as q where q.lane = $2
      union all
      select 1 from runboard_internal.run_deferred as d where d.lane = $2
      union all
      select 1 from runboard_internal.run_leases as l where l.lane = $2
      union all
      select 1 from runboard_internal.run_waits as w where w.lane = $2
      limit $5
    ) as of_lane
  ) end as lane,
  case when $3::text is not null then (
    select count(*)
    from (
      select 1 from public.runs as r where r.template_slug = any (array[$3])
      order by r.template_slug, r.created_at desc
      limit $5
    ) as of_template
  ) end as template,
  case when $4::text is not null then (
    select count(*)
    from (
      select 1 from public.runs as r where r.action = any (array[$4])
      order by r.action, r.created_at desc
      limit $5
    ) as of_action
  ) end as action
