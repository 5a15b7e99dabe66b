-- Enqueues specs together where nothing stands against it: no idempotency key, no coalescing, no parent, and
-- few shapes. Null when they must be enqueued one by one. Planned once: planning costs more than the work.
create or replace function runboard_internal.enqueue_plain(specs jsonb[], who jsonb) returns text[]
language plpgsql volatile set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  carried constant text[] := array['params', 'title', 'concurrency_key', 'session_id', 'requested_by', 'scope', 'options', 'sheet_context'];
  moment timestamptz := runboard_internal.clock();
  stamp text := to_char(moment at time zone 'UTC', '"run_"YYYYMMDD_HH24MISS_');
  shapes jsonb[];
  shape jsonb;
  is_plain boolean;
  ids text[];
  some_specs jsonb[];
  some_ids text[];
begin
  -- Only objects have fields to take away.
  if (select bool_or(jsonb_typeof(s.spec) <> 'object') from unnest(specs) as s(spec)) is not false then
    return null;
  end if;
  select array_agg(distinct s.spec - carried),
    not bool_or(s.spec ?| array['idempotency_key', 'idempotency_mode', 'coalesce', 'parent_run_id'] or s.spec @? '$.**{66 to last}'
      or s.spec @? '$.** ? (@.type() == "number" && (@ > 1e308 || @ < -1e308))')
    and bool_and(not s.spec ?| carried or (
      coalesce(jsonb_typeof(s.spec -> 'params'), 'null') in ('object', 'null')
      and coalesce(jsonb_typeof(s.spec -> 'options'), 'null') in ('object', 'null')
      and coalesce(jsonb_typeof(s.spec -> 'sheet_context'), 'null') in ('object', 'null')
      and coalesce(jsonb_typeof(s.spec -> 'requested_by'), 'null') in ('object', 'null')
      and coalesce(jsonb_typeof(s.spec -> 'title'), 'null') in ('string', 'null') and coalesce(length(s.spec ->> 'title'), 0) <= 512
      and coalesce(jsonb_typeof(s.spec -> 'session_id'), 'null') in ('string', 'null') and coalesce(length(s.spec ->> 'session_id'), 0) <= 512
      and coalesce(jsonb_typeof(s.spec -> 'concurrency_key'), 'null') in ('string', 'null') and coalesce(length(s.spec ->> 'concurrency_key'), 1) between 1 and 512))
  into shapes, is_plain
  from unnest(specs) as s(spec);
  if is_plain is not true or cardinality(shapes) > 20 then
    return null;
  end if;

  ids := array(
    select stamp || runboard_internal.run_tail(r.bytes)
    from (select uuid_send(gen_random_uuid()) as bytes from generate_series(1, cardinality(specs)) offset 0) as r);
  if cardinality(shapes) = 1 then
    return case when runboard_internal.enqueue_shape(shapes[1], specs, ids, who, moment) then ids end;
  end if;
  begin
    foreach shape in array shapes loop
      select array_agg(s.spec order by s.place), array_agg(s.id order by s.place) into some_specs, some_ids
      from unnest(specs, ids) with ordinality as s(spec, id, place)
      where s.spec - carried = shape;
      if not runboard_internal.enqueue_shape(shape, some_specs, some_ids, who, moment) then
        raise exception using errcode = 'PT000';
      end if;
    end loop;
  exception when sqlstate 'PT000' then
    -- What an earlier shape wrote is taken back.
    return null;
  end;
  return ids;
end
$$;
