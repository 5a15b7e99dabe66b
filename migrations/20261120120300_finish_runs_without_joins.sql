-- The last words of short runs. Most runs of a busy lane begin and end between two writes of their worker:
-- all they have to say comes at once, and it ends well. This is that case and nothing else, as plain
-- columns: one pass per table, no document to take apart, no conflict to look for, because nothing of these
-- leases was written before. Whatever is not so simple goes through write_runs.
--
-- `run_ids` and `lease_seqs` name the leases, in the order of run_id. Events and steps name theirs by its
-- place, from 1. A lease that is gone answers `lost`, and nothing of it is written.
--
-- A batch meets its leases and its runs by an index, whatever the planner believes. `run_leases` is empty one
-- moment and full the next; with a plan made for an empty table, a join compared every lease with every
-- member of the batch. So rows are named by `= any`, and maps tell which member they belong to.
create or replace function public.finish_runs(
  run_ids text[], lease_seqs bigint[], results text[],
  event_leases integer[], event_seqs integer[], event_ats timestamptz[], event_kinds text[], event_messages text[], event_data text[],
  step_leases integer[], step_names text[], step_positions integer[], step_titles text[], step_kinds text[], step_statuses text[],
  step_tries integer[], step_starts timestamptz[], step_ends timestamptz[], step_outputs text[], step_errors text[],
  hint jsonb default null
) returns text[]
language plpgsql volatile security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  moment timestamptz := runboard_internal.clock();
  today date := (moment at time zone 'UTC')::date;
  worker_name text;
  -- Where a lease, and a run, stand in the batch.
  place_of jsonb;
  place_of_run jsonb;
  gone record;
  -- By place; null where the lease is gone.
  claims timestamptz[];
  days date[];
  attempts integer[];
  workers uuid[];
  lines bigint[];
  versions bigint[];
begin
  perform runboard_internal.require('worker');
  select jsonb_object(array_agg(i.lease_seq::text), array_agg(i.place::text)) into place_of
  from unnest($2) with ordinality as i(lease_seq, place);

  -- This takes the leases and is the fence: in the order of run_id, as everybody who takes several.
  with gone as (
    delete from runboard_internal.run_leases as l
    where l.run_id = any ($1) and $1[(place_of ->> l.lease_seq::text)::integer] = l.run_id
    returning (place_of ->> l.lease_seq::text)::integer as place, l.run_id, l.worker_id, l.claimed_at, l.day, l.attempt, l.log_line_count, l.version, l.current_step, l.progress
  )
  select array_agg(g.place) as places, array_agg(g.run_id) as run_ids, array_agg(g.worker_id) as workers, array_agg(g.claimed_at) as claims, array_agg(g.day) as days, array_agg(g.attempt) as attempts,
    array_agg(g.log_line_count) as lines, array_agg(g.version) as versions, bool_or(g.current_step is not null) as has_open_steps,
    bool_or(g.progress is not null) as has_progress
  into gone
  from gone as g;
  if gone.places is null then
    return array_fill('lost'::text, array[cardinality($1)]);
  end if;
  if gone.has_open_steps or gone.has_progress then
    -- Something of a lease was written before. The caller sends these runs the long way.
    perform runboard_internal.refuse(409, 'not_fresh', 'These runs have spoken before.', 'Use write_runs.');
  end if;
  place_of_run := jsonb_object(gone.run_ids, gone.places::text[]);
  if gone.places = array(select generate_series(1, cardinality($1))) then
    claims := gone.claims;
    days := gone.days;
    attempts := gone.attempts;
    workers := gone.workers;
    lines := gone.lines;
    versions := gone.versions;
  else
    claims := array_fill(null::timestamptz, array[cardinality($1)]);
    days := array_fill(null::date, array[cardinality($1)]);
    attempts := array_fill(null::integer, array[cardinality($1)]);
    workers := array_fill(null::uuid, array[cardinality($1)]);
    lines := array_fill(null::bigint, array[cardinality($1)]);
    versions := array_fill(null::bigint, array[cardinality($1)]);
    for found in 1..cardinality(gone.places) loop
      claims[gone.places[found]] := gone.claims[found];
      days[gone.places[found]] := gone.days[found];
      attempts[gone.places[found]] := gone.attempts[found];
      workers[gone.places[found]] := gone.workers[found];
      lines[gone.places[found]] := gone.lines[found];
      versions[gone.places[found]] := gone.versions[found];
    end loop;
  end if;

  -- The leases of one call are those of one worker, as a rule.
  if gone.workers = array_fill(gone.workers[1], array[cardinality(gone.workers)]) then
    select w.name into worker_name from public.workers as w where w.worker_id = gone.workers[1];
  end if;

  -- A worker's clock may be wrong by hours: its times are kept inside the life of the lease.
  insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
  select $1[e.lease], $2[e.lease], e.seq, days[e.lease], greatest(least(coalesce(e.at, moment), moment), claims[e.lease]), e.kind, e.message, e.data::jsonb
  from unnest(event_leases, event_seqs, event_ats, event_kinds, event_messages, event_data) as e(lease, seq, at, kind, message, data)
  where claims[e.lease] is not null;

  insert into public.run_steps (run_id, lease_seq, step, attempt, position, title, kind, status, try, started_at, finished_at, output, error)
  select $1[s.lease], $2[s.lease], s.step, attempts[s.lease], s.position, s.title, s.kind, s.status, s.try,
    greatest(least(coalesce(s.started_at, moment), moment), claims[s.lease]),
    greatest(least(coalesce(s.finished_at, moment), moment), claims[s.lease]), s.output::jsonb, s.error::jsonb
  from unnest(step_leases, step_names, step_positions, step_titles, step_kinds, step_statuses, step_tries, step_starts, step_ends, step_outputs, step_errors)
    as s(lease, step, position, title, kind, status, try, started_at, finished_at, output, error)
  where claims[s.lease] is not null;

  insert into public.run_attempts (run_id, lease_seq, attempt, worker_id, worker_name, claimed_at, ended_at, outcome)
  select i.run_id, i.lease_seq, i.attempt, i.worker_id, coalesce(worker_name, (select w.name from public.workers as w where w.worker_id = i.worker_id), 'a worker'),
    i.claimed_at, moment, 'success'
  from unnest($1, $2, attempts, workers, claims) as i(run_id, lease_seq, attempt, worker_id, claimed_at)
  where i.claimed_at is not null;

  with final_run as (
    update public.runs as r
    set status = 'success', finished_at = moment, result = $3[(place_of_run ->> r.run_id)::integer]::jsonb, error = null,
      log_line_count = lines[(place_of_run ->> r.run_id)::integer], version = r.version + versions[(place_of_run ->> r.run_id)::integer] + 1
    where r.run_id = any (gone.run_ids) and r.status = 'running'
    returning r.run_id, r.lane, r.attempt, runboard_internal.ms_between(r.started_at, moment) as run_ms,
      greatest(r.created_at, case when r.attempt <= 1 then r.run_after end) as entered_at, coalesce(r.started_at, moment) as left_at
  ),
  ended as (
    insert into runboard_internal.run_ends (run_id, lane, status, entered_at, left_at, finished_at)
    select f.run_id, f.lane, 'success', f.entered_at, f.left_at, moment from final_run as f
  )
  insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
  select f.run_id, 0, nextval('runboard_internal.event_seq'), today, moment, 'success', 'Succeeded in ' || runboard_internal.in_words(f.run_ms) || '.',
    jsonb_build_object('attempt', f.attempt, 'duration_ms', round(f.run_ms))
  from final_run as f;

  if hint is not null then
    perform runboard_internal.hint('changed', hint);
  end if;
  return array(select case when c.claimed_at is null then 'lost' else 'ok' end from unnest(claims) with ordinality as c(claimed_at, place) order by c.place);
end
$$;
