  where ($1::text[] is null or r.status = any ($1))
    and ($2::text is null or r.lane = $2)
    and ($3::text is null or r.template_slug = $3)
    and ($4::text is null or r.action = $4)
    and ($5::text is null
      or position(lower($5) in lower(r.title)) > 0
      or position(lower($5) in r.run_id) > 0
      or position(lower($5) in lower(coalesce(r.requested_by ->> 'actor', ''))) > 0)
    and ($11::text is null or r.env = $11)
    and ($12::text is null or r.requested_by ->> 'actor' = $12 or r.requested_by ->> 'user' = $12)
    and ($13::text[] is null or r.reason = any ($13))
    -- Failed for good, and nobody has started it again.
    and ($14::boolean is distinct from true or (r.status = 'failed'
      and not exists (select from public.runs as child where child.parent_run_id = r.run_id)))
    and ($15::text is null or r.parent_run_id = $15)
    and ($16::text is null or r.session_id = $16)
    and ($17::text is null or starts_with(r.run_id, $17))
