-- Drops the oldest day of events or logs that ended before `before`. What an open run has said stays: its
-- rows move to the default partition, and are dropped by a later call when the run has ended. While the day is taken
-- out, nobody reads or writes any other, so nothing is searched then that no index leads to.
create or replace function runboard_internal.drop_old_day(parent text, before date) returns jsonb
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  oldest record;
  old_rows bigint;
  speakers text[];
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
  -- What takes long is done before anybody has to wait. No run that is not open now will be again, and only a lease
  -- of that day can still write into it: who is found here is everybody whose words are to be kept.
  select c.reltuples into old_rows from pg_catalog.pg_class as c where c.oid = format('runboard_internal.%I', oldest.name)::regclass;
  if old_rows < 100000 then
    execute format('select count(*) from runboard_internal.%I', oldest.name) into removed;
  else
    removed := old_rows;
  end if;
  execute format('select array_agg(o.run_id) from (select o.run_id from runboard_internal.open_runs() as o offset 0) as o
    where exists (select from runboard_internal.%I as p where p.run_id = o.run_id)
      or exists (select from runboard_internal.run_leases as l where l.run_id = o.run_id and l.day = $1)', oldest.name)
  into speakers using oldest.day;
  execute format('alter table public.%I detach partition runboard_internal.%I', parent, oldest.name);
  execute format('insert into public.%I select p.* from runboard_internal.%I as p where p.run_id = any ($1)', parent, oldest.name) using speakers;
  get diagnostics kept = row_count;
  execute format('drop table runboard_internal.%I', oldest.name);
  return jsonb_build_object('day', oldest.day, 'removed', greatest(removed - kept, 0), 'kept', kept);
end
$$;
comment on function runboard_internal.drop_old_day(text, date) is 'Drops one old day: {day, removed, kept}; null when there is none. Of a long day, removed is an estimate.';
