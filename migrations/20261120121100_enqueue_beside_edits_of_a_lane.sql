-- Enqueues plain runs that differ only in what a run carries along: parameters, title, context, concurrency
-- key. `shape` is what they have in common, and is checked once; each table is written once. False when a
-- run's parameters do not pass or the shape names what is not there: nothing is written then, and the
-- one-by-one way says what is wrong.
create or replace function runboard_internal.enqueue_shape(shape jsonb, specs jsonb[], ids text[], who jsonb, moment timestamptz) returns boolean
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_variable
declare
  today date := (moment at time zone 'UTC')::date;
  person boolean := (who ->> 'person')::boolean;
  template record;
  lane_name text;
  lane record;
  definition jsonb;
  kinds text[];
  due timestamptz;
  rank integer;
  env text := coalesce(shape ->> 'env', 'default');
  action text := shape ->> 'action';
  attempts integer;
  timeout integer;
  step_count integer;
  defaults jsonb := '{}';
  required text[] := '{}';
  known text[];
  types jsonb := '{}';
  place double precision;
  when_due text := '.';
begin
  perform runboard_internal.check_spec(shape);
  due := (shape ->> 'run_after')::timestamptz;
  if shape ->> 'template' is not null then
    select t.slug, t.title, t.lane, v.version, v.definition into template
    from public.run_templates as t
    join public.run_template_versions as v on v.slug = t.slug and v.version = coalesce((shape ->> 'template_version')::integer, t.latest_version)
    where t.slug = shape ->> 'template' and t.archived_at is null;
    if template.slug is null then
      return false;
    end if;
    definition := template.definition;
    defaults := coalesce((select jsonb_object_agg(p.key, p.value -> 'default') from jsonb_each(definition -> 'params' -> 'properties') as p where p.value ? 'default'), '{}');
    required := array(select jsonb_array_elements_text(definition -> 'params' -> 'required'));
    types := runboard_internal.param_types(definition -> 'params');
    if definition -> 'params' -> 'additionalProperties' = 'false' then
      known := array(select jsonb_object_keys(definition -> 'params' -> 'properties'));
    end if;
    if required <> '{}' or known is not null or types <> '{}' then
      if not (select bool_and(runboard_internal.params_pass(defaults || coalesce(nullif(s.spec -> 'params', 'null'), '{}'), required, known, types)) from unnest(specs) as s(spec)) then
        return false;
      end if;
    end if;
  else
    select null::text as slug, null::text as title, null::text as lane, null::integer as version into template;
  end if;
  -- Whoever deletes a lane or ranks its queue anew waits until these runs are to be seen.
  lane_name := coalesce(nullif(shape ->> 'lane', 'auto'), template.lane, 'B');
  perform pg_advisory_xact_lock_shared(hashtextextended('rank ' || lane_name, 3));
  select l.name, l.aging_seconds into lane from public.lanes as l where l.name = lane_name;
  if lane.name is null then
    return false;
  end if;

  kinds := runboard_internal.kinds_of(definition);
  rank := coalesce((shape ->> 'priority')::integer, 100);
  attempts := coalesce((shape ->> 'max_attempts')::integer, (definition -> 'policy' ->> 'max_attempts')::integer, case when 'shell' = any (kinds) then 1 else 3 end);
  timeout := coalesce((shape ->> 'timeout_seconds')::integer, (definition -> 'policy' ->> 'timeout_seconds')::integer);
  step_count := coalesce(jsonb_array_length(definition -> 'steps'), 0);
  place := runboard_internal.queue_rank(rank, moment, lane.aging_seconds);
  if due > moment then
    when_due := format(', to start at %s UTC.', to_char(due at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'));
  end if;

  with asked as materialized (
    select s.id, s.spec,
      -- What the caller claims about itself never hides who it was proven to be.
      case
        when person then (coalesce(nullif(s.spec -> 'requested_by', 'null'), '{}') - array['user', 'token'])
          || jsonb_build_object('actor', who ->> 'actor', 'user', who ->> 'subject', 'via', who ->> 'via')
        else jsonb_build_object('actor', who ->> 'actor', 'via', who ->> 'via') || coalesce(nullif(s.spec -> 'requested_by', 'null'), '{}')
      end as requester
    from unnest(specs, ids) as s(spec, id)
  ),
  run_row as (
    insert into public.runs (
      run_id, title, action, template_slug, template_version, env, lane, priority, params, scope, sheet_context, options,
      requested_by, session_id, concurrency_key, max_attempts, run_after, timeout_seconds, steps_total, created_at, queued_at, spreadsheet_id, tab)
    select a.id, coalesce(a.spec ->> 'title', template.title, action), action, template.slug, template.version, env, lane.name, rank,
      defaults || coalesce(nullif(a.spec -> 'params', 'null'), '{}'),
      nullif(a.spec -> 'scope', 'null'), nullif(a.spec -> 'sheet_context', 'null'), coalesce(nullif(a.spec -> 'options', 'null'), '{}'),
      a.requester, a.spec ->> 'session_id', a.spec ->> 'concurrency_key', attempts, due, timeout, step_count, moment, moment,
      a.spec -> 'sheet_context' ->> 'spreadsheet_id', a.spec -> 'sheet_context' ->> 'tab'
    from asked as a
  ),
  queue_row as (
    insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, kinds, concurrency_key, rank)
    select a.id, lane.name, rank, moment, kinds, a.spec ->> 'concurrency_key', place from asked as a
    where due is null or due <= moment
  ),
  deferred_row as (
    insert into runboard_internal.run_deferred (run_id, due_at, lane, priority, kinds, concurrency_key)
    select a.id, due, lane.name, rank, kinds, a.spec ->> 'concurrency_key' from asked as a
    where due > moment
  ),
  audit_row as (
    insert into public.audit_log (at, actor, role, via, verb, object_kind, object_id, detail)
    select moment, who ->> 'actor', who ->> 'role', who ->> 'via', 'enqueue_run', 'run', a.id,
      jsonb_strip_nulls(jsonb_build_object('template', template.slug, 'action', action, 'lane', lane.name))
    from asked as a
    where person
  )
  insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
  select a.id, 0, nextval('runboard_internal.event_seq'), today, moment, 'queued',
    'Queued in lane ' || lane.name || ' by ' || (a.requester ->> 'actor') || when_due,
    jsonb_strip_nulls(jsonb_build_object('lane', lane.name, 'actor', a.requester ->> 'actor', 'run_after', due))
  from asked as a;
  return true;
end
$$;
