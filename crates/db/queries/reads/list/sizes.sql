-- How many runs stand in each part of the ledger that the filter names, counted no further than $5. What is
-- read is chosen by that, not by what the planner believes of a value: it is wrong about rare and absent
-- ones, and about those that are frequent but old. `any` and the order leave it one index each.
select
  case when $1::text[] <@ '{queued,running,waiting}' then (
    select count(*)
    from (
      select 1 from runboard_internal.run_queue as q where 'queue' = any ($6::text[]) and ($2::text[] is null or q.lane = any ($2))
      union all
      select 1 from runboard_internal.run_deferred as d where 'deferred' = any ($6) and ($2 is null or d.lane = any ($2))
      union all
      select 1 from runboard_internal.run_leases as l where 'leases' = any ($6) and ($2 is null or l.lane = any ($2))
      union all
      select 1 from runboard_internal.run_waits as w where 'waits' = any ($6) and ($2 is null or w.lane = any ($2))
      limit $5
    ) as open
  ) end as open,
  case when cardinality($2) = 1 then (
    select count(*)
    from (
      (
        select 1 from runboard_internal.run_ends as e where e.lane = any ($2)
        order by e.lane, e.finished_at
        limit $5
      )
      union all
      select 1 from runboard_internal.run_queue as q where q.lane = any ($2)
      union all
      select 1 from runboard_internal.run_deferred as d where d.lane = any ($2)
      union all
      select 1 from runboard_internal.run_leases as l where l.lane = any ($2)
      union all
      select 1 from runboard_internal.run_waits as w where w.lane = any ($2)
      limit $5
    ) as of_lane
  ) end as lane,
  case when cardinality($3::text[]) = 1 then (
    select count(*)
    from (
      select 1 from public.runs as r where r.template_slug = any ($3)
      order by r.template_slug, r.created_at desc
      limit $5
    ) as of_template
  ) end as template,
  case when cardinality($4::text[]) = 1 then (
    select count(*)
    from (
      select 1 from public.runs as r where r.action = any ($4)
      order by r.action, r.created_at desc
      limit $5
    ) as of_action
  ) end as action
