-- What every transition has in common: an id, an event, a hint, an audit line.

-- 40 random bits from a random UUID: its first five bytes carry no version bits.
create function runboard_internal.new_run_id(at timestamptz) returns text
language plpgsql volatile set search_path = '' as $$
declare
  letters constant text := 'abcdefghijklmnopqrstuvwxyz234567';
  bits bigint := ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10))::bit(40)::bigint;
  tail text := '';
begin
  for place in 1..8 loop
    tail := tail || substr(letters, (bits & 31)::integer + 1, 1);
    bits := bits >> 5;
  end loop;
  return to_char(at at time zone 'UTC', '"run_"YYYYMMDD_HH24MISS_') || tail;
end
$$;
comment on function runboard_internal.new_run_id(timestamptz) is 'run_YYYYMMDD_HHMMSS_ and 40 random bits in base32.';
revoke execute on function runboard_internal.new_run_id(timestamptz) from public;

-- Event messages are for people: "3.2 s" reads better than "3211 ms".
-- (A bare `return` lets the planner put the expression in the place of the call: these run per event.)
create function runboard_internal.in_words(ms double precision) returns text
language sql immutable
return case
  when ms < 1000 then greatest(round(ms), 0)::text || ' ms'
  when ms < 60000 then trim_scale(round((ms / 1000)::numeric, 1))::text || ' s'
  when ms < 3600000 then floor(ms / 60000)::text || ' min ' || (floor(ms / 1000)::bigint % 60)::text || ' s'
  else floor(ms / 3600000)::text || ' h ' || (floor(ms / 60000)::bigint % 60)::text || ' min'
end;
comment on function runboard_internal.in_words(double precision) is 'A duration as people say it.';
revoke execute on function runboard_internal.in_words(double precision) from public;

create function runboard_internal.ms_between(earlier timestamptz, later timestamptz) returns double precision
language sql immutable
return extract(epoch from later - earlier)::double precision * 1000;
comment on function runboard_internal.ms_between(timestamptz, timestamptz) is 'Milliseconds from one time to another.';
revoke execute on function runboard_internal.ms_between(timestamptz, timestamptz) from public;

-- Every transition writes its event in the same transaction. lease_seq 0: written by the control plane.
create function runboard_internal.record_event(
  run_id text, at timestamptz, kind text, message text, data jsonb default null
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
  values (
    record_event.run_id, 0, nextval('runboard_internal.event_seq'), (record_event.at at time zone 'UTC')::date,
    record_event.at, record_event.kind, record_event.message, record_event.data
  );
end
$$;
comment on function runboard_internal.record_event(text, timestamptz, text, text, jsonb) is 'Writes one event of the control plane.';
revoke execute on function runboard_internal.record_event(text, timestamptz, text, text, jsonb) from public;

-- A notification is only a hint to look sooner, so it carries ids, never data, and stays far below the
-- 8000 bytes Postgres allows: more than 50 ids become the word "many".
create function runboard_internal.hint(topic text, hints jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  payload jsonb := jsonb_build_object('t', topic);
  entry record;
begin
  for entry in select key, value from jsonb_each(hints) loop
    payload := payload || jsonb_build_object(entry.key,
      case when jsonb_typeof(entry.value) = 'array' and jsonb_array_length(entry.value) > 50 then '"many"' else entry.value end);
  end loop;
  perform pg_notify('runboard', payload::text);
end
$$;
comment on function runboard_internal.hint(text, jsonb) is 'Sends one hint on the channel runboard.';
revoke execute on function runboard_internal.hint(text, jsonb) from public;

-- An act of a person stands in the audit log in the same transaction or did not happen. Programs of
-- the control plane itself (no claims) leave events only.
create function runboard_internal.audit(who jsonb, verb text, object_kind text, object_id text, detail jsonb default null) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if (who ->> 'person')::boolean then
    insert into public.audit_log (at, actor, role, via, verb, object_kind, object_id, detail)
    values (runboard_internal.clock(), who ->> 'actor', who ->> 'role', who ->> 'via', audit.verb, audit.object_kind, audit.object_id, audit.detail);
  end if;
end
$$;
comment on function runboard_internal.audit(jsonb, text, text, text, jsonb) is 'Writes an act of a person to the audit log.';
revoke execute on function runboard_internal.audit(jsonb, text, text, text, jsonb) from public;
