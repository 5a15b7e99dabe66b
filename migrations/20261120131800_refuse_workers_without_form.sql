-- A worker's identity is one process life: a restarted worker is another worker, so an old one can
-- never be taken for alive because a new one has its name. Who registers it over HTTP owns it.
create or replace function public.register_worker(spec jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('worker');
  moment timestamptz := runboard_internal.clock();
  new_id uuid := gen_random_uuid();
  field text;
begin
  if jsonb_typeof(spec) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid', 'A worker registers with a JSON object.', 'Send {"name": "…", "lanes": ["A"], "kinds": ["api"], "slots": 4}.');
  end if;
  foreach field in array array['name', 'lanes', 'kinds', 'slots'] loop
    if coalesce(spec -> field, 'null') = 'null' then
      perform runboard_internal.refuse(422, 'missing_field', format('A worker needs the field %s.', field), null, field);
    end if;
  end loop;
  foreach field in array array['lanes', 'kinds'] loop
    if jsonb_typeof(spec -> field) <> 'array' or exists (select from jsonb_array_elements(spec -> field) as e(value) where jsonb_typeof(e.value) <> 'string') then
      perform runboard_internal.refuse(422, 'invalid', format('The field %s is a list of names.', field), null, field);
    end if;
  end loop;
  foreach field in array array['slots', 'pid'] loop
    if coalesce(jsonb_typeof(spec -> field), 'null') not in ('number', 'null') or (spec ->> field)::numeric % 1 <> 0
       or abs((spec ->> field)::numeric) > 2147483647 then
      perform runboard_internal.refuse(422, 'invalid', format('The field %s is a whole number.', field), null, field);
    end if;
  end loop;
  if (spec ->> 'slots')::integer not between 1 and 10000 then
    perform runboard_internal.refuse(422, 'invalid', 'A worker has 1 to 10000 slots.', null, 'slots');
  end if;
  insert into public.workers (worker_id, name, host, pid, version, lanes, kinds, slots, started_at, heartbeat_at, expires_at, registered_by)
  select new_id, s.name, coalesce(s.host, 'unknown'), coalesce(s.pid, 0), coalesce(s.version, 'unknown'), s.lanes, s.kinds, s.slots,
    moment, moment, moment + make_interval(secs => runboard_internal.setting('lease') / 1000.0),
    case when (who ->> 'person')::boolean then who ->> 'subject' end
  from jsonb_to_record(spec) as s(name text, host text, pid integer, version text, lanes text[], kinds text[], slots integer);
  perform runboard_internal.hint('worker', '{}');
  return new_id;
end
$$;
