-- Drops the oldest day of events or logs that ended before `before`. What an open run has said stays: its
-- rows move to the default partition, and are dropped by a later call when the run has ended.
create function runboard_internal.drop_old_day(parent text, before date) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  oldest record;
  kept bigint;
  removed bigint;
begin
  -- A reader with a long question must not make everybody queue behind this: the next round tries again.
  perform set_config('lock_timeout', '2s', true);
  select c.relname as name, to_date(right(c.relname, 8), 'YYYYMMDD') as day into oldest
  from pg_catalog.pg_inherits as i
  join pg_catalog.pg_class as c on c.oid = i.inhrelid
  where i.inhparent = format('public.%I', parent)::regclass and c.relname ~ ('^' || parent || '_\d{8}$')
    and to_date(right(c.relname, 8), 'YYYYMMDD') < before
  order by c.relname
  limit 1;
  if oldest.name is null then
    return null;
  end if;
  execute format('select count(*) from runboard_internal.%I', oldest.name) into removed;
  execute format('alter table public.%I detach partition runboard_internal.%I', parent, oldest.name);
  execute format('insert into public.%I select p.* from runboard_internal.%I as p where p.run_id in (select o.run_id from runboard_internal.open_runs() as o)', parent, oldest.name);
  get diagnostics kept = row_count;
  execute format('drop table runboard_internal.%I', oldest.name);
  return jsonb_build_object('day', oldest.day, 'removed', removed - kept, 'kept', kept);
end
$$;
comment on function runboard_internal.drop_old_day(text, date) is 'Drops one old day: {day, removed, kept}; null when there is none.';
revoke execute on function runboard_internal.drop_old_day(text, date) from public;
