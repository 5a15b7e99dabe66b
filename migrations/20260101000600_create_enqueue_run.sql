-- The one door by which work enters. What it refuses, it refuses with the field's name, because the
-- caller may be a person at psql, a form or a sheet.

-- Checks the form of a spec before anything is looked up: unknown and mistyped fields are the usual
-- mistakes, and silence about them would run the wrong thing.
create function runboard_internal.check_spec(spec jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  wanted constant jsonb := '{
    "template": "string", "template_version": "number", "action": "string", "title": "string", "params": "object", "scope": "any",
    "options": "object", "sheet_context": "object", "lane": "string", "priority": "number", "run_after": "string", "env": "string",
    "concurrency_key": "string", "max_attempts": "number", "timeout_seconds": "number", "session_id": "string",
    "requested_by": "object", "parent_run_id": "string", "idempotency_key": "string", "idempotency_mode": "string", "coalesce": "boolean"}';
  field record;
begin
  if jsonb_typeof(spec) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_spec', 'A run is asked for with a JSON object.', 'Send {"template": "…", "params": {…}}.');
  end if;
  for field in select key, value, wanted ->> key as type from jsonb_each(spec) loop
    if field.type is null then
      perform runboard_internal.refuse(422, 'unknown_field', format('There is no field %s in a run.', field.key), 'Remove it or correct its spelling.', field.key);
    elsif field.type <> 'any' and jsonb_typeof(field.value) not in (field.type, 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be of type %s.', field.key, field.type), null, field.key);
    elsif field.type = 'number' and field.value <> 'null' and ((field.value #>> '{}')::numeric % 1 <> 0 or abs((field.value #>> '{}')::numeric) > 2147483647) then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be a whole number.', field.key), null, field.key);
    elsif field.type = 'string' and field.value <> 'null' and length(field.value #>> '{}') > 512 then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s is longer than 512 characters.', field.key), null, field.key);
    end if;
  end loop;
  if spec ->> 'template' is null and spec ->> 'action' is null then
    perform runboard_internal.refuse(422, 'missing_field', 'A run needs a template or an action.', 'Name the template to run.', 'template');
  elsif spec ->> 'action' !~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$' then
    perform runboard_internal.refuse(422, 'invalid_field', format('No action can be called %s.', spec ->> 'action'), null, 'action');
  elsif (spec ->> 'priority')::integer not between 0 and 1000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The priority must be between 0 (first) and 1000 (last).', null, 'priority');
  elsif (spec ->> 'max_attempts')::integer not between 1 and 1000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field max_attempts must be between 1 and 1000.', null, 'max_attempts');
  elsif (spec ->> 'timeout_seconds')::integer not between 1 and 31536000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field timeout_seconds must be between 1 and a year.', null, 'timeout_seconds');
  elsif spec ->> 'idempotency_mode' not in ('return', 'reject', 'replace') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The idempotency mode is return, reject or replace.', null, 'idempotency_mode');
  end if;
  begin
    perform (spec ->> 'run_after')::timestamptz;
  exception when data_exception then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field run_after is not a time.', 'Write it like 2026-01-31T08:00:00Z.', 'run_after');
  end;
end
$$;
comment on function runboard_internal.check_spec(jsonb) is 'Refuses a spec with unknown, mistyped or impossible fields.';
revoke execute on function runboard_internal.check_spec(jsonb) from public;

-- Required, unknown and mistyped parameters are found here for every caller; the finer rules of JSON
-- Schema are the server's, in Rust. Answers the parameters with the schema's defaults filled in.
create function runboard_internal.checked_params(schema jsonb, params jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  filled jsonb := coalesce((
    select jsonb_object_agg(p.key, p.value -> 'default') from jsonb_each(schema -> 'properties') as p where p.value ? 'default'
  ), '{}') || params;
  missing text;
  unknown text;
  wrong record;
begin
  select r.name into missing from jsonb_array_elements_text(schema -> 'required') as r(name) where not filled ? r.name limit 1;
  if missing is not null then
    perform runboard_internal.refuse(422, 'missing_param', format('The parameter %s is required.', missing), null, 'params.' || missing);
  end if;
  select k.name into unknown from jsonb_object_keys(filled) as k(name)
  where schema -> 'additionalProperties' = 'false' and not coalesce(schema -> 'properties', '{}') ? k.name limit 1;
  if unknown is not null then
    perform runboard_internal.refuse(422, 'unknown_param', format('This template has no parameter %s.', unknown), 'Remove it or correct its spelling.', 'params.' || unknown);
  end if;
  select given.key, given.value, accepted.types into wrong
  from jsonb_each(filled) as given
  join jsonb_each(schema -> 'properties') as property on property.key = given.key and jsonb_typeof(property.value) = 'object' and property.value ? 'type'
  cross join lateral (
    select case jsonb_typeof(property.value -> 'type')
      when 'array' then array(select jsonb_array_elements_text(property.value -> 'type'))
      else array[property.value ->> 'type'] end as types
  ) as accepted
  where not (jsonb_typeof(given.value) = any (accepted.types)
    or (jsonb_typeof(given.value) = 'number' and 'integer' = any (accepted.types) and (given.value #>> '{}')::numeric % 1 = 0))
  limit 1;
  if wrong.key is not null then
    perform runboard_internal.refuse(422, 'invalid_param',
      format('The parameter %s must be of type %s, not %s.', wrong.key, array_to_string(wrong.types, ' or '), jsonb_typeof(wrong.value)), null, 'params.' || wrong.key);
  end if;
  return filled;
end
$$;
comment on function runboard_internal.checked_params(jsonb, jsonb) is 'Parameters with defaults, after refusing missing, unknown and mistyped ones.';
revoke execute on function runboard_internal.checked_params(jsonb, jsonb) from public;

-- Takes two bigint locks' worth of names in one order, so that batches cannot wait for each other:
-- a second click with the same key waits here until the first is committed, and then finds its run.
create function runboard_internal.lock_enqueue(specs jsonb, who jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  lock_id bigint;
begin
  for lock_id in
    select distinct hashtextextended(name, 1)
    from jsonb_array_elements(specs) as s(spec)
    cross join lateral (values
      (runboard_internal.key_owner(who) || chr(31) || (s.spec ->> 'idempotency_key')),
      (case when s.spec -> 'coalesce' = 'true' then runboard_internal.coalesce_key(s.spec) end)
    ) as named(name)
    where name is not null
    order by 1
  loop
    perform pg_advisory_xact_lock(lock_id);
  end loop;
end
$$;
comment on function runboard_internal.lock_enqueue(jsonb, jsonb) is 'Serializes enqueues that carry the same key.';
revoke execute on function runboard_internal.lock_enqueue(jsonb, jsonb) from public;

create function runboard_internal.key_owner(who jsonb) returns text
language sql immutable
return coalesce(who ->> 'subject', who ->> 'actor');
comment on function runboard_internal.key_owner(jsonb) is 'Idempotency keys of two callers never meet.';
revoke execute on function runboard_internal.key_owner(jsonb) from public;

-- Two asks are the same work when all that the work can see is the same; who asked is not part of it.
create function runboard_internal.coalesce_key(spec jsonb) returns text
language sql immutable set search_path = '' as $$
  select encode(sha256(convert_to((spec - array['requested_by', 'session_id', 'idempotency_key', 'idempotency_mode', 'coalesce', 'title', 'parent_run_id'])::text, 'UTF8')), 'hex')
$$;
comment on function runboard_internal.coalesce_key(jsonb) is 'Fingerprint of the work a spec asks for.';
revoke execute on function runboard_internal.coalesce_key(jsonb) from public;

-- Enqueues one run. The caller has checked the role and holds the locks of lock_enqueue.
create function runboard_internal.enqueue(spec jsonb, who jsonb) returns jsonb
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
as $$
declare
  moment timestamptz := runboard_internal.clock();
  template_row record;
  definition jsonb;
  params jsonb;
  lane_name text;
  due timestamptz;
  owner text := runboard_internal.key_owner(who);
  key text := spec ->> 'idempotency_key';
  body_hash text;
  known record;
  same_work text;
  requester jsonb;
  kinds text[];
  new_id text;
  twin text;
begin
  perform runboard_internal.check_spec(spec);
  due := (spec ->> 'run_after')::timestamptz;

  if spec ->> 'template' is not null then
    select t.slug, t.title, t.lane, v.version, v.definition into template_row
    from public.run_templates as t
    join public.run_template_versions as v on v.slug = t.slug and v.version = coalesce((spec ->> 'template_version')::integer, t.latest_version)
    where t.slug = spec ->> 'template' and (t.archived_at is null or spec ->> 'parent_run_id' is not null);
    if template_row.slug is null then
      perform runboard_internal.refuse(422, 'unknown_template', format('There is no template %s%s.', spec ->> 'template', coalesce(' version ' || (spec ->> 'template_version'), '')),
        'The page Templates lists what can be run.', case when spec ->> 'template_version' is null then 'template' else 'template_version' end);
    end if;
    definition := template_row.definition;
    params := runboard_internal.checked_params(definition -> 'params', coalesce(nullif(spec -> 'params', 'null'), '{}'));
  else
    select null::text as slug, null::text as title, null::text as lane, null::integer as version into template_row;
    params := coalesce(nullif(spec -> 'params', 'null'), '{}');
  end if;

  lane_name := coalesce(nullif(spec ->> 'lane', 'auto'), template_row.lane, 'B');
  if not exists (select from public.lanes as l where l.name = lane_name) then
    perform runboard_internal.refuse(422, 'unknown_lane', format('There is no lane %s.', lane_name), 'Leave it out to use the lane of the template.', 'lane');
  end if;
  if spec ->> 'parent_run_id' is not null and not exists (select from public.runs as r where r.run_id = spec ->> 'parent_run_id') then
    perform runboard_internal.refuse(422, 'unknown_run', format('There is no run %s.', spec ->> 'parent_run_id'), null, 'parent_run_id');
  end if;

  if key is not null then
    body_hash := encode(sha256(convert_to((spec - array['idempotency_key', 'idempotency_mode'])::text, 'UTF8')), 'hex');
    select k.run_id, k.body_hash, r.status into known
    from runboard_internal.idempotency_keys as k
    join public.runs as r on r.run_id = k.run_id
    where k.caller = owner and k.key = spec ->> 'idempotency_key' and k.expires_at > moment;
    if known.run_id is not null then
      if known.body_hash <> body_hash then
        perform runboard_internal.refuse(409, 'idempotency_key_reused', format('This key already names %s, which asked for something else.', known.run_id), 'Use a new key for a new wish.', 'idempotency_key');
      elsif spec ->> 'idempotency_mode' = 'reject' then
        perform runboard_internal.refuse(409, 'idempotency_key_used', format('This key already started %s.', known.run_id), 'Use a new key to run it again.', 'idempotency_key');
      elsif spec ->> 'idempotency_mode' is distinct from 'replace' then
        return jsonb_build_object('run_id', known.run_id, 'status', known.status, 'created', false, 'coalesced', false);
      elsif not runboard_internal.end_queued(known.run_id, 'replaced', format('Replaced by %s.', who ->> 'actor'), moment) then
        perform runboard_internal.refuse(409, 'not_queued', format('The run %s is no longer queued and cannot be replaced.', known.run_id), 'Cancel it, or use a new key.', 'idempotency_key');
      end if;
    end if;
    delete from runboard_internal.idempotency_keys as k where k.caller = owner and k.key = spec ->> 'idempotency_key';
  end if;

  if spec -> 'coalesce' = 'true' then
    same_work := runboard_internal.coalesce_key(spec);
    -- A row that a worker is claiming at this moment is skipped: it may already have read its inputs.
    select q.run_id into twin from runboard_internal.run_queue as q where q.coalesce_key = same_work limit 1 for update skip locked;
    if twin is null then
      select d.run_id into twin from runboard_internal.run_deferred as d where d.coalesce_key = same_work limit 1 for update skip locked;
    end if;
    if twin is not null then
      perform runboard_internal.record_event(twin, moment, 'coalesced', format('%s asked for the same; this run serves both.', initcap(left(who ->> 'actor', 1)) || substr(who ->> 'actor', 2)), null);
      if key is not null then
        insert into runboard_internal.idempotency_keys (caller, key, body_hash, run_id, expires_at)
        values (owner, key, body_hash, twin, moment + make_interval(secs => runboard_internal.setting('idempotency_ttl')));
      end if;
      return jsonb_build_object('run_id', twin, 'status', 'queued', 'created', false, 'coalesced', true);
    end if;
  end if;

  -- What the caller claims about itself never hides who it was proven to be.
  requester := coalesce(nullif(spec -> 'requested_by', 'null'), '{}');
  if (who ->> 'person')::boolean then
    requester := (requester - array['user', 'token'])
      || jsonb_build_object('actor', who ->> 'actor', 'user', who ->> 'subject', 'via', who ->> 'via');
  else
    requester := jsonb_build_object('actor', who ->> 'actor', 'via', who ->> 'via') || requester;
  end if;

  kinds := runboard_internal.kinds_of(definition);
  new_id := runboard_internal.new_run_id(moment);
  insert into public.runs (
    run_id, title, action, template_slug, template_version, env, lane, priority, params, scope, sheet_context, options,
    requested_by, session_id, parent_run_id, idempotency_key, concurrency_key, max_attempts, run_after, timeout_seconds,
    steps_total, created_at, queued_at, spreadsheet_id, tab
  ) values (
    new_id, coalesce(spec ->> 'title', template_row.title, spec ->> 'action'), spec ->> 'action', template_row.slug, template_row.version,
    coalesce(spec ->> 'env', 'default'), lane_name, coalesce((spec ->> 'priority')::integer, 100), params,
    nullif(spec -> 'scope', 'null'), nullif(spec -> 'sheet_context', 'null'), coalesce(nullif(spec -> 'options', 'null'), '{}'),
    requester, spec ->> 'session_id', spec ->> 'parent_run_id', key, spec ->> 'concurrency_key',
    coalesce((spec ->> 'max_attempts')::integer, (definition -> 'policy' ->> 'max_attempts')::integer, case when 'shell' = any (kinds) then 1 else 3 end),
    due, coalesce((spec ->> 'timeout_seconds')::integer, (definition -> 'policy' ->> 'timeout_seconds')::integer),
    coalesce(jsonb_array_length(definition -> 'steps'), 0), moment, moment,
    spec -> 'sheet_context' ->> 'spreadsheet_id', spec -> 'sheet_context' ->> 'tab'
  );
  if due > moment then
    insert into runboard_internal.run_deferred (run_id, due_at, lane, priority, kinds, concurrency_key, coalesce_key)
    values (new_id, due, lane_name, coalesce((spec ->> 'priority')::integer, 100), kinds, spec ->> 'concurrency_key', same_work);
  else
    insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, kinds, concurrency_key, coalesce_key)
    values (new_id, lane_name, coalesce((spec ->> 'priority')::integer, 100), moment, kinds, spec ->> 'concurrency_key', same_work);
  end if;
  if key is not null then
    insert into runboard_internal.idempotency_keys (caller, key, body_hash, run_id, expires_at)
    values (owner, key, body_hash, new_id, moment + make_interval(secs => runboard_internal.setting('idempotency_ttl')));
  end if;
  perform runboard_internal.record_event(new_id, moment, 'queued',
    format('Queued in lane %s by %s%s', lane_name, requester ->> 'actor',
      case when due > moment then format(', to start at %s UTC.', to_char(due at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')) else '.' end),
    jsonb_strip_nulls(jsonb_build_object('lane', lane_name, 'actor', requester ->> 'actor', 'run_after', due, 'parent_run_id', spec ->> 'parent_run_id')));
  perform runboard_internal.audit(who, 'enqueue_run', 'run', new_id,
    jsonb_strip_nulls(jsonb_build_object('template', template_row.slug, 'action', spec ->> 'action', 'lane', lane_name, 'parent_run_id', spec ->> 'parent_run_id')));
  return jsonb_build_object('run_id', new_id, 'status', 'queued', 'created', true, 'coalesced', false);
end
$$;
comment on function runboard_internal.enqueue(jsonb, jsonb) is 'Makes one queued run of a spec, or finds the run it already is.';
revoke execute on function runboard_internal.enqueue(jsonb, jsonb) from public;

-- Ends a run that no worker holds. False when a worker was quicker.
create function runboard_internal.end_queued(run_id text, reason text, message text, moment timestamptz) returns boolean
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
as $$
declare
  removed integer;
  ended integer;
begin
  -- A deferred row may become due while we look: it moves to the queue, so the queue is asked again.
  for attempt in 1..3 loop
    delete from runboard_internal.run_queue as q where q.run_id = end_queued.run_id;
    get diagnostics removed = row_count;
    exit when removed > 0;
    delete from runboard_internal.run_deferred as d where d.run_id = end_queued.run_id;
    get diagnostics removed = row_count;
    exit when removed > 0;
  end loop;
  if removed = 0 then
    return false;
  end if;
  update public.runs as r
  set status = 'canceled', reason = end_queued.reason, finished_at = moment, cancel_requested_at = coalesce(r.cancel_requested_at, moment), version = r.version + 1
  where r.run_id = end_queued.run_id and r.status = 'queued';
  get diagnostics ended = row_count;
  if ended <> 1 then
    raise exception 'run % stood in the queue but was not queued', end_queued.run_id;
  end if;
  perform runboard_internal.record_event(end_queued.run_id, moment, 'canceled', message, jsonb_build_object('reason', end_queued.reason));
  return true;
end
$$;
comment on function runboard_internal.end_queued(text, text, text, timestamptz) is 'Cancels a run that still waits in its lane.';
revoke execute on function runboard_internal.end_queued(text, text, text, timestamptz) from public;

-- Starting any template needs an operator; a planner comes in through an action, whose own role the
-- server checks before it calls.
create function runboard_internal.require_enqueue(specs jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  if exists (select from jsonb_array_elements(specs) as s(spec) where s.spec ->> 'action' is null) then
    return runboard_internal.require('operator');
  end if;
  return runboard_internal.require('planner');
end
$$;
comment on function runboard_internal.require_enqueue(jsonb) is 'Refuses callers that may not enqueue these specs; answers the caller.';
revoke execute on function runboard_internal.require_enqueue(jsonb) from public;

create function public.enqueue_run(spec jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_enqueue(jsonb_build_array(spec));
  answer jsonb;
begin
  perform runboard_internal.lock_enqueue(jsonb_build_array(spec), who);
  answer := runboard_internal.enqueue(spec, who);
  perform runboard_internal.hint_enqueued(array[answer]);
  return answer;
end
$$;
comment on function public.enqueue_run(jsonb) is 'Asks for one run: {template | action, params?, lane?, priority?, run_after?, …} → {run_id, status, created, coalesced}.';
revoke execute on function public.enqueue_run(jsonb) from public;
grant execute on function public.enqueue_run(jsonb) to authenticated, service_role;

-- One hint per call, however many runs: workers look at their lanes, boards at the runs.
create function runboard_internal.hint_enqueued(answers jsonb[]) returns void
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
as $$
declare
  run_ids jsonb;
  lanes jsonb;
begin
  select jsonb_agg(r.run_id), jsonb_agg(distinct r.lane) into run_ids, lanes
  from unnest(answers) as a(answer)
  join public.runs as r on r.run_id = a.answer ->> 'run_id'
  where a.answer -> 'created' = 'true';
  if run_ids is not null then
    perform runboard_internal.hint('enqueued', jsonb_build_object('lanes', lanes, 'runs', run_ids));
  end if;
end
$$;
comment on function runboard_internal.hint_enqueued(jsonb[]) is 'Hints at the new runs among the answers of enqueue.';
revoke execute on function runboard_internal.hint_enqueued(jsonb[]) from public;
