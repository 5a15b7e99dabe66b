-- Begins with the newest run that is open and not above the cursor, by the second that its id begins with.
select r.*
from public.runs as r
where r.created_at < (
    select edge.created_at + interval '1 second'
    from public.runs as edge
    where edge.run_id = (
      select max(open.run_id)
      from (
        select max(q.run_id) as run_id
        from runboard_internal.run_queue as q
        where 'queue' = any ($19::text[]) and ($9::text is null or q.run_id < substr($9, 1, 19) || '~')
        union all
        select max(d.run_id)
        from runboard_internal.run_deferred as d
        where 'deferred' = any ($19) and ($9 is null or d.run_id < substr($9, 1, 19) || '~')
        union all
        select max(l.run_id)
        from runboard_internal.run_leases as l
        where 'leases' = any ($19) and ($9 is null or l.run_id < substr($9, 1, 19) || '~')
        union all
        select max(w.run_id)
        from runboard_internal.run_waits as w
        where 'waits' = any ($19) and ($9 is null or w.run_id < substr($9, 1, 19) || '~')
      ) as open
    )
  )
