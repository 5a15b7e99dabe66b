-- Turns runs that were just taken out of the queue into leased ones, in one statement. Definitions of
-- templates are copied only for callers that ask: a worker keeps those it has seen.
-- A run that was given back in an orderly shutdown, or that waited, begins the same attempt again: its number
-- does not tell that steps were done before, the time of its first claim does. Else finished steps would be
-- run again.
--
-- Runs are named by `= any`, not joined: in a young ledger, which the planner takes for empty, a join would
-- look at every run for every claim.
create or replace function runboard_internal.lease_runs(worker_id uuid, worker_name text, ids text[], moment timestamptz, definitions boolean)
returns table (
  run_id text, lease_seq bigint, lane text, action text, template jsonb, params jsonb, scope jsonb, sheet_context jsonb,
  options jsonb, requested_by jsonb, attempt integer, steps_done jsonb, deadline_at timestamptz, env text, title text
)
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  today date := (moment at time zone 'UTC')::date;
  lease_end timestamptz := moment + make_interval(secs => runboard_internal.setting('lease') / 1000.0);
  began integer;
  place_of jsonb := jsonb_object($3, array(select generate_series(1, cardinality($3)))::text[]);
begin
  return query
  with begun as (
    update public.runs as r
    set status = 'running', attempt = r.attempt + 1, started_at = coalesce(r.started_at, moment), version = r.version + 1
    where r.run_id = any ($3) and r.status = 'queued'
    returning (place_of ->> r.run_id)::integer as place, r.run_id, r.lane, r.action, r.template_slug, r.template_version, r.params, r.scope, r.sheet_context, r.options,
      r.requested_by, r.attempt, r.started_at, r.env, r.title, r.parent_run_id, r.concurrency_key, r.timeout_seconds, r.progress, r.log_line_count
  ),
  run as materialized (
    select b.*, kept.steps, nextval('runboard_internal.lease_seq') as new_lease_seq, nextval('runboard_internal.event_seq') as event_seq,
      moment + make_interval(secs => b.timeout_seconds) as new_deadline_at
    from begun as b
    -- Steps that succeeded before are not run again; `restart: true` keeps only what rerun_run copied.
    cross join lateral (
      select jsonb_object_agg(s.step, s.output order by s.lease_seq) as steps
      from public.run_steps as s
      where (b.started_at < moment or b.parent_run_id is not null) and s.run_id = b.run_id and s.status = 'success'
        and (s.lease_seq = 0 or (
          select v.definition -> 'policy' -> 'restart' from public.run_template_versions as v
          where v.slug = b.template_slug and v.version = b.template_version) is distinct from 'true')
    ) as kept
  ),
  lease as (
    insert into runboard_internal.run_leases (
      run_id, lease_seq, worker_id, lane, concurrency_key, attempt, claimed_at, day, heartbeat_at, expires_at, deadline_at, steps_done, progress, log_line_count
    )
    select r.run_id, r.new_lease_seq, $1, r.lane, r.concurrency_key, r.attempt, moment, today, moment, lease_end, r.new_deadline_at,
      case when r.steps is null then 0 else (select count(*) from jsonb_object_keys(r.steps)) end, r.progress, r.log_line_count
    from run as r
  ),
  claimed_event as (
    insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
    select r.run_id, 0, r.event_seq, today, moment, 'claimed', 'Claimed by ' || worker_name || ' (attempt ' || r.attempt || ').',
      jsonb_build_object('worker', worker_name, 'attempt', r.attempt, 'lease_seq', r.new_lease_seq)
    from run as r
  ),
  resumed_event as (
    insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
    select r.run_id, 0, nextval('runboard_internal.event_seq'), today, moment, 'resumed',
      format('Goes on after %s; its result is kept.', (select string_agg(k, ', ' order by k) from jsonb_object_keys(r.steps) as k)),
      jsonb_build_object('steps_done', (select jsonb_agg(k order by k) from jsonb_object_keys(r.steps) as k))
    from run as r
    where r.steps is not null
  )
  select r.run_id, r.new_lease_seq, r.lane, r.action,
    case
      when r.template_slug is null then null
      when not definitions then jsonb_build_object('slug', r.template_slug, 'version', r.template_version)
      else jsonb_build_object('slug', r.template_slug, 'version', r.template_version, 'definition', (
        select v.definition from public.run_template_versions as v where v.slug = r.template_slug and v.version = r.template_version))
    end,
    r.params, r.scope, r.sheet_context, r.options, r.requested_by, r.attempt, coalesce(r.steps, '{}'), r.new_deadline_at, r.env, r.title
  from run as r
  order by r.place;
  get diagnostics began = row_count;
  if began <> cardinality($3) then
    raise exception 'took % runs from the queue but only % were queued', cardinality($3), began;
  end if;
end
$$;
