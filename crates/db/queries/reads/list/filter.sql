  where ($1::text[] is null or r.status = any ($1))
    and ($2::text[] is null or r.lane = any ($2))
    and ($3::text[] is null or r.template_slug = any ($3))
    and ($4::text[] is null or r.action = any ($4))
    and ($5::text is null
      or position(lower($5) in lower(r.title)) > 0
      or position(lower($5) in r.run_id) > 0
      or position(lower($5) in lower(coalesce(r.requested_by ->> 'actor', ''))) > 0)
    and ($11::text[] is null or r.env = any ($11))
    and ($12::text[] is null or r.requested_by ->> 'actor' = any ($12) or r.requested_by ->> 'user' = any ($12))
    and ($13::text[] is null or r.reason = any ($13))
    -- Failed for good, and nobody has started it again.
    and ($14::boolean is distinct from true or (r.status = 'failed'
      and not exists (select from public.runs as child where child.parent_run_id = r.run_id)))
    and ($15::text is null or r.parent_run_id = $15)
    and ($16::text is null or r.session_id = $16)
    and ($17::text is null or starts_with(r.run_id, $17))
    -- A parameter is looked for by containment; each document is one way in which all that are named may stand.
    and ($20::jsonb[] is null or r.params @> any ($20))
    -- States that the tables of the queue know, each when it has lasted so many seconds. `limit` keeps the planner
    -- from reading such a table whole for a few runs.
    and ($21::text[] is null or r.status = any ($21) or case r.status
      when 'running' then (
        select true
        from runboard_internal.run_leases as l
        where l.run_id = r.run_id
          and (l.claimed_at <= (select runboard_internal.clock()) - make_interval(secs => $25::float8)
            or (l.cancel_requested_at <= (select runboard_internal.clock()) - make_interval(secs => $26::float8)
              and l.expires_at > (select runboard_internal.clock()))
            or l.expires_at <= (select runboard_internal.clock()) - make_interval(secs => $27::float8))
        limit 1
      )
      when 'queued' then (
        select true
        from runboard_internal.run_queue as q
        where q.run_id = r.run_id and q.queued_at <= (select runboard_internal.clock()) - make_interval(secs => $22::float8)
        limit 1
      ) or (
        select true
        from runboard_internal.run_deferred as d
        where d.run_id = r.run_id
          and r.queued_at <= (select runboard_internal.clock()) - make_interval(secs => case when r.attempt = 0 then $23::float8 else $24::float8 end)
        limit 1
      )
      when 'waiting' then (
        select true
        from runboard_internal.run_waits as w
        where w.run_id = r.run_id and w.opened_at <= (select runboard_internal.clock()) - make_interval(secs => $28::float8)
        limit 1
      )
    end)
