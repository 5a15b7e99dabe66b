-- Everything a worker writes goes through this one body: fence first, then each kind of write as one
-- set-based statement. Within one run the kinds touch different tables and its completion comes last,
-- so writing kind by kind gives the same state as writing one by one; what stands behind a completion
-- of the same lease is `lost`, as it would be one by one.
-- The caller has checked the permission and holds the lease rows, locked in the order of run_id.
--
-- `run_leases` is empty one moment and full the next, and with a plan made for an empty table a join took the
-- whole document apart once per lease. So each lease is looked up by its key: `offset 0` keeps the planner
-- from turning that around, and what changes a lease is worked out once before.
create or replace function runboard_internal.apply_writes(writes jsonb) returns text[]
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
  moment timestamptz := runboard_internal.clock();
  outcomes text[];
  -- Of fixed width, so that looking up one item does not walk over all before it.
  held boolean[];
  ended record;
  has_events boolean;
  has_logs boolean;
  has_steps boolean;
  has_artifacts boolean;
  has_beats boolean;
  has_ends boolean;
  wrong text;
begin
  with w as (
    select ord, value ->> 'op' as op, value ->> 'run_id' as run_id, (value ->> 'lease_seq')::bigint as lease_seq
    from jsonb_array_elements(writes) with ordinality as e(value, ord)
  ),
  fenced as (
    select w.ord, w.op, l.cancel_requested_at,
      l.run_id is not null and w.ord <= coalesce(min(w.ord) filter (where w.op = 'complete') over (partition by w.run_id, w.lease_seq), w.ord) as held
    from w
    left join lateral (
      select x.run_id, x.cancel_requested_at from runboard_internal.run_leases as x where x.run_id = w.run_id and x.lease_seq = w.lease_seq offset 0
    ) as l on true
  )
  select array_agg(f.held order by f.ord),
    array_agg(case when not f.held then 'lost' when f.op = 'beat' and f.cancel_requested_at is not null then 'cancel_requested' else 'ok' end order by f.ord),
    bool_or(f.held and f.op = 'events'), bool_or(f.held and f.op = 'log'), bool_or(f.held and f.op = 'step'),
    bool_or(f.held and f.op = 'artifact'), bool_or(f.held and f.op = 'beat'), bool_or(f.held and f.op = 'complete'),
    min(coalesce(f.op, 'nothing')) filter (where f.op is null or f.op not in ('events', 'log', 'step', 'artifact', 'beat', 'complete'))
  into held, outcomes, has_events, has_logs, has_steps, has_artifacts, has_beats, has_ends, wrong
  from fenced as f;

  if wrong is not null then
    perform runboard_internal.refuse(422, 'unknown_op', format('No write is called %s.', wrong), 'Use events, log, step, artifact, complete or beat.', 'op');
  end if;

  if has_events then
    -- A worker's clock may be wrong by hours: its times are kept inside the life of the lease.
    insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
    select l.run_id, l.lease_seq, e.seq, l.day, greatest(least(coalesce(e.at, moment), moment), l.claimed_at), e.kind, e.message, e.data
    from jsonb_array_elements(writes) with ordinality as w(value, ord)
    cross join lateral (
      select * from runboard_internal.run_leases as x where x.run_id = w.value ->> 'run_id' and x.lease_seq = (w.value ->> 'lease_seq')::bigint offset 0
    ) as l
    cross join lateral jsonb_to_recordset(w.value -> 'events') as e(seq bigint, at timestamptz, kind text, message text, data jsonb)
    where held[w.ord] and w.value ->> 'op' = 'events'
    on conflict do nothing;
  end if;

  if has_logs then
    with chunk as (
      -- The same chunk may stand twice in one batch; the first copy counts.
      select distinct on (l.run_id, c.seq) l.run_id, l.lease_seq, l.day, l.claimed_at, l.log_line_count, w.ord, c.*,
        length(c.lines) - length(replace(c.lines, E'\n', '')) + 1 as line_count
      from jsonb_array_elements(writes) with ordinality as w(value, ord)
      cross join lateral (
        select * from runboard_internal.run_leases as x where x.run_id = w.value ->> 'run_id' and x.lease_seq = (w.value ->> 'lease_seq')::bigint offset 0
      ) as l
      cross join lateral jsonb_to_record(w.value) as c(step text, seq integer, at timestamptz, lines text, offsets_ms integer[], streams text)
      where held[w.ord] and w.value ->> 'op' = 'log'
      order by l.run_id, c.seq, w.ord
    ),
    fresh as materialized (
      select c.*, c.log_line_count + 1 + sum(c.line_count) over (partition by c.run_id order by c.ord) - c.line_count as first_line
      from chunk as c
      where not exists (
        select from public.run_log_chunks as known
        where known.run_id = c.run_id and known.lease_seq = c.lease_seq and known.seq = c.seq and known.day = c.day
      )
    ),
    written as (
      insert into public.run_log_chunks (run_id, lease_seq, seq, day, step, first_line, line_count, at, lines, offsets_ms, streams)
      select f.run_id, f.lease_seq, f.seq, f.day, f.step, f.first_line, f.line_count,
        greatest(least(coalesce(f.at, moment), moment), f.claimed_at), f.lines, f.offsets_ms, f.streams
      from fresh as f
      order by f.ord
    ),
    total as materialized (
      select f.run_id, sum(f.line_count) as line_count from fresh as f group by f.run_id
    )
    update runboard_internal.run_leases as l
    set log_line_count = l.log_line_count + total.line_count
    from total
    where l.run_id = total.run_id;
  end if;

  if has_steps then
    with told as (
      select l.run_id, l.lease_seq, l.attempt, l.claimed_at, w.ord, s.*
      from jsonb_array_elements(writes) with ordinality as w(value, ord)
      cross join lateral (
        select * from runboard_internal.run_leases as x where x.run_id = w.value ->> 'run_id' and x.lease_seq = (w.value ->> 'lease_seq')::bigint offset 0
      ) as l
      -- The step stands in its own object or, in a batch, beside run_id.
      cross join lateral jsonb_to_record(case jsonb_typeof(w.value -> 'step') when 'object' then w.value -> 'step' else w.value end)
        as s(step text, position integer, title text, kind text, status text, try integer, started_at timestamptz, finished_at timestamptz, output jsonb, error jsonb)
      where held[w.ord] and w.value ->> 'op' = 'step'
    ),
    -- A batch may hold the beginning and the end of one step: the last word counts, the first start stays.
    merged as (
      select distinct on (t.run_id, t.step) t.*,
        min(t.started_at) over (partition by t.run_id, t.step, t.try) as began_at
      from told as t
      order by t.run_id, t.step, t.ord desc
    ),
    written as (
      insert into public.run_steps as s (run_id, lease_seq, step, attempt, position, title, kind, status, try, started_at, finished_at, output, error)
      select m.run_id, m.lease_seq, m.step, m.attempt, m.position, coalesce(m.title, m.step), m.kind, m.status, coalesce(m.try, 1),
        greatest(least(coalesce(m.began_at, case when m.status <> 'skipped' then moment end), moment), m.claimed_at),
        case when m.status <> 'running' then greatest(least(coalesce(m.finished_at, moment), moment), m.claimed_at) end, m.output, m.error
      from merged as m
      on conflict (run_id, lease_seq, step) do update
      set status = excluded.status, title = excluded.title, try = excluded.try,
        started_at = case when s.try = excluded.try then least(s.started_at, excluded.started_at) else excluded.started_at end,
        finished_at = excluded.finished_at, output = excluded.output, error = excluded.error
      -- A resend of the beginning must not undo the end of the same try.
      where not (excluded.status = 'running' and s.status <> 'running' and s.try >= excluded.try)
    ),
    change as materialized (
      select m.run_id,
        count(*) filter (where m.status <> 'running' and coalesce(before.status, 'running') = 'running') as ended,
        max(m.title) filter (where m.status = 'running' and coalesce(before.status, 'running') = 'running') as now_running,
        (select max(s.title) from public.run_steps as s
          where s.run_id = m.run_id and s.lease_seq = min(m.lease_seq) and s.status = 'running'
            and s.step <> all (array_agg(m.step))) as other_running
      from merged as m
      left join public.run_steps as before on before.run_id = m.run_id and before.lease_seq = m.lease_seq and before.step = m.step
      group by m.run_id
    )
    update runboard_internal.run_leases as l
    set version = l.version + 1, steps_done = l.steps_done + change.ended, current_step = coalesce(change.now_running, change.other_running)
    from change
    where l.run_id = change.run_id;
  end if;

  if has_artifacts then
    insert into public.artifacts as a (run_id, lease_seq, step, name, kind, content_type, size_bytes, sha256, inline, storage_url, created_at)
    select distinct on (l.run_id, coalesce(p.step, ''), p.name) l.run_id, l.lease_seq, p.step, p.name, p.kind, coalesce(p.content_type, 'application/octet-stream'),
      coalesce(p.size_bytes, octet_length(body.bytes), 0),
      coalesce(p.sha256, encode(sha256(body.bytes), 'hex')),
      body.bytes, p.storage_url, moment
    from jsonb_array_elements(writes) with ordinality as w(value, ord)
    cross join lateral (
      select * from runboard_internal.run_leases as x where x.run_id = w.value ->> 'run_id' and x.lease_seq = (w.value ->> 'lease_seq')::bigint offset 0
    ) as l
    cross join lateral jsonb_to_record(case jsonb_typeof(w.value -> 'artifact') when 'object' then w.value -> 'artifact' else w.value end)
      as p(step text, name text, kind text, content_type text, sha256 text, size_bytes bigint, inline_base64 text, storage_url text)
    cross join lateral (select decode(p.inline_base64, 'base64') as bytes) as body
    where held[w.ord] and w.value ->> 'op' = 'artifact'
    order by l.run_id, coalesce(p.step, ''), p.name, w.ord desc
    -- A second try of the step leaves a newer copy under the same name.
    on conflict (run_id, lease_seq, (coalesce(step, '')), name) do update
    set kind = excluded.kind, content_type = excluded.content_type, size_bytes = excluded.size_bytes,
      sha256 = excluded.sha256, inline = excluded.inline, storage_url = excluded.storage_url
    where a.sha256 <> excluded.sha256;
  end if;

  if has_beats then
    with beat as materialized (
      select distinct on (w.value ->> 'run_id') w.value ->> 'run_id' as run_id, (w.value ->> 'lease_seq')::bigint as lease_seq,
        nullif(w.value -> 'progress', 'null'::jsonb) as progress
      from jsonb_array_elements(writes) with ordinality as w(value, ord)
      where held[w.ord] and w.value ->> 'op' = 'beat'
      order by w.value ->> 'run_id', w.ord desc
    )
    update runboard_internal.run_leases as l
    set heartbeat_at = moment,
      expires_at = moment + make_interval(secs => runboard_internal.setting('lease') / 1000.0),
      progress = coalesce(beat.progress, l.progress), version = l.version + 1
    from beat
    where l.run_id = beat.run_id and l.lease_seq = beat.lease_seq;
  end if;

  if has_ends then
    for ended in
      select e.place, e.outcome
      from runboard_internal.end_attempts((
        select jsonb_agg(jsonb_build_object(
          'run_id', w.value -> 'run_id', 'lease_seq', w.value -> 'lease_seq', 'place', w.ord,
          'how', runboard_internal.end_word(w.value ->> 'status'), 'result', nullif(w.value -> 'result', 'null'),
          'error', nullif(w.value -> 'error', 'null'), 'retryable', w.value -> 'retryable') order by w.ord)
        from jsonb_array_elements(writes) with ordinality as w(value, ord)
        where held[w.ord] and w.value ->> 'op' = 'complete'
      )) as e
    loop
      outcomes[ended.place] := ended.outcome;
    end loop;
  end if;
  return outcomes;
end
$$;
