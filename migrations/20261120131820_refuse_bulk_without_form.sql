-- Freezes a list of runs and enqueues the one run that works through it. Whoever counted before says so in
-- expected_count: when the list has another length by now, nothing happens.
create or replace function public.create_bulk(spec jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('planner');
  moment timestamptz := runboard_internal.clock();
  wanted constant jsonb := '{
    "verb": "string", "run_ids": "array", "filter": "object", "changes": "object", "note": "string", "expected_count": "number",
    "idempotency_key": "string", "body_hash": "string"}';
  most constant integer := 50000;
  field record;
  stray text;
  frozen text[];
  hash text;
  known record;
  id uuid := gen_random_uuid();
  answer jsonb;
begin
  if jsonb_typeof(spec) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_spec', 'A bulk operation is asked for with a JSON object.', 'Send {"verb": "retry", "run_ids": ["…"]}.');
  end if;
  for field in select key, value, wanted ->> key as type from jsonb_each(spec) loop
    if field.type is null then
      perform runboard_internal.refuse(422, 'unknown_field', format('There is no field %s in a bulk operation.', field.key), 'Remove it or correct its spelling.', field.key);
    elsif jsonb_typeof(field.value) not in (field.type, 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be of type %s.', field.key, field.type), null, field.key);
    elsif field.type = 'number' and field.value <> 'null' and ((field.value #>> '{}')::numeric % 1 <> 0 or abs((field.value #>> '{}')::numeric) > 2147483647) then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be a whole number.', field.key), null, field.key);
    end if;
  end loop;
  if coalesce(spec ->> 'verb', '') not in ('cancel', 'retry', 'rerun') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The verb is cancel, retry or rerun.', null, 'verb');
  end if;
  select c.key into stray from jsonb_object_keys(coalesce(nullif(spec -> 'changes', 'null'), '{}')) as c(key)
  where spec ->> 'verb' <> 'rerun' or c.key not in ('params', 'lane', 'priority', 'options', 'run_after', 'from_step') limit 1;
  if stray is not null then
    perform runboard_internal.refuse(422, 'unknown_field', format('The field %s cannot be changed by this verb.', stray),
      'A rerun can change params, lane, priority, options, run_after and from_step.', 'changes.' || stray);
  end if;
  foreach stray in array array['params', 'options'] loop
    if coalesce(jsonb_typeof(spec -> 'changes' -> stray), 'null') not in ('object', 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be of type object.', stray), null, 'changes.' || stray);
    end if;
  end loop;
  perform runboard_internal.check_time(spec -> 'changes' ->> 'run_after', 'changes.run_after');

  hash := coalesce(spec ->> 'body_hash', encode(sha256(convert_to((spec - array['idempotency_key'])::text, 'UTF8')), 'hex'));
  if spec ->> 'idempotency_key' is not null then
    perform pg_advisory_xact_lock(hashtextextended('bulk ' || runboard_internal.key_owner(who) || chr(31) || (spec ->> 'idempotency_key'), 1));
    -- A key lives as long for many runs as it does for one.
    update public.bulk_operations as b set idempotency_key = null
    where b.key_owner = runboard_internal.key_owner(who) and b.idempotency_key = spec ->> 'idempotency_key'
      and b.created_at <= moment - make_interval(secs => runboard_internal.setting('idempotency_ttl'));
    select b.bulk_id, b.body_hash, b.run_id, b.preview_count into known from public.bulk_operations as b
    where b.key_owner = runboard_internal.key_owner(who) and b.idempotency_key = spec ->> 'idempotency_key';
    if known.bulk_id is not null and known.body_hash <> hash then
      perform runboard_internal.refuse(409, 'idempotency_key_reused', 'This key already names another bulk operation.', 'Use a new key for a new wish.', 'idempotency_key');
    elsif known.bulk_id is not null then
      return jsonb_build_object('bulk_id', known.bulk_id, 'run_id', known.run_id, 'count', known.preview_count, 'created', false);
    end if;
  end if;

  select array_agg(distinct x.run_id) into frozen from jsonb_array_elements_text(nullif(spec -> 'run_ids', 'null')) as x(run_id);
  if frozen is null then
    perform runboard_internal.refuse(422, 'nothing_selected', 'There is no run to do this to.', 'Ask for a preview first.', 'filter');
  elsif cardinality(frozen) > most then
    perform runboard_internal.refuse(422, 'too_many', format('One operation takes at most %s runs.', most), 'Narrow the filter, for example by lane or time.', 'filter');
  elsif (spec ->> 'expected_count')::integer <> cardinality(frozen) then
    perform runboard_internal.refuse(409, 'count_changed', format('The filter names %s runs now, not %s.', cardinality(frozen), spec ->> 'expected_count'),
      'Look at the preview again.', 'expected_count');
  end if;

  answer := runboard_internal.enqueue(jsonb_build_object('action', 'runs.bulk', 'lane', 'D', 'max_attempts', 5,
    'title', format('%s %s %s', initcap(spec ->> 'verb'), cardinality(frozen), case when cardinality(frozen) = 1 then 'run' else 'runs' end),
    'options', jsonb_build_object('bulk_id', id)), who);
  insert into public.bulk_operations (bulk_id, verb, filter, changes, note, preview_count, run_id, requested_by, key_owner, idempotency_key, body_hash, created_at)
  values (id, spec ->> 'verb', nullif(spec -> 'filter', 'null'), coalesce(nullif(spec -> 'changes', 'null'), '{}'), nullif(trim(left(spec ->> 'note', 500)), ''),
    cardinality(frozen), answer ->> 'run_id', who, runboard_internal.key_owner(who), spec ->> 'idempotency_key', hash, moment);
  insert into runboard_internal.bulk_items (bulk_id, place, run_id)
  select id, row_number() over (order by x.run_id), x.run_id from unnest(frozen) as x(run_id);
  perform runboard_internal.audit(who, 'create_bulk', 'bulk', id::text, jsonb_strip_nulls(jsonb_build_object(
    'verb', spec ->> 'verb', 'count', cardinality(frozen), 'filter', nullif(spec -> 'filter', 'null'), 'run_id', answer ->> 'run_id')));
  perform runboard_internal.hint_enqueued(array[answer]);
  return jsonb_build_object('bulk_id', id, 'run_id', answer ->> 'run_id', 'count', cardinality(frozen), 'created', true);
end
$$;
