-- Enqueues one run. The caller has checked the role and holds the locks of lock_enqueue.
create or replace function runboard_internal.enqueue(spec jsonb, who jsonb) returns jsonb
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
  -- A lane cannot be deleted under a run that is just entering it, nor its pace change between the look at it and the
  -- place that the run is given. In this order, because who deletes a lane takes the two in this order.
  perform pg_advisory_xact_lock_shared(hashtextextended('rank ' || lane_name, 3));
  perform from public.lanes as l where l.name = lane_name for key share;
  if not found then
    perform runboard_internal.refuse(422, 'unknown_lane', format('There is no lane %s.', lane_name), 'Leave it out to use the lane of the template.', 'lane');
  end if;
  if spec ->> 'parent_run_id' is not null and not exists (select from public.runs as r where r.run_id = spec ->> 'parent_run_id') then
    perform runboard_internal.refuse(422, 'unknown_run', format('There is no run %s.', spec ->> 'parent_run_id'), null, 'parent_run_id');
  end if;

  if key is not null then
    body_hash := encode(sha256(convert_to((spec - array['idempotency_key', 'idempotency_mode'])::text, 'UTF8')), 'hex');
    select k.run_id, k.body_hash, k.coalesced, r.status into known
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
      elsif not known.coalesced then
        if not runboard_internal.end_queued(known.run_id, 'replaced', format('Replaced by %s.', who ->> 'actor'), moment) then
          perform runboard_internal.refuse(409, 'not_queued', format('The run %s is no longer queued and cannot be replaced.', known.run_id), 'Cancel it, or use a new key.', 'idempotency_key');
        end if;
        perform runboard_internal.audit(who, 'replace_run', 'run', known.run_id);
        perform runboard_internal.hint('cancel', jsonb_build_object('runs', jsonb_build_array(known.run_id)));
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
        insert into runboard_internal.idempotency_keys (caller, key, body_hash, run_id, expires_at, coalesced)
        values (owner, key, body_hash, twin, moment + make_interval(secs => runboard_internal.setting('idempotency_ttl')), true);
      end if;
      perform runboard_internal.audit(who, 'enqueue_run', 'run', twin,
        jsonb_strip_nulls(jsonb_build_object('template', template_row.slug, 'action', spec ->> 'action', 'lane', lane_name, 'coalesced', true)));
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
