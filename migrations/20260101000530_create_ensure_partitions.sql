-- Events and log lines live in one partition per UTC day, so that old days are dropped, not deleted.
-- The sweep calls this too: a day always has its partition before it begins, and when it has none
-- (a clock far ahead, a sweep long away) the default partition takes the rows.
-- A partition is made beside its parent and attached, because `partition of` would lock out readers.
create function runboard_internal.ensure_partitions() returns integer
language plpgsql volatile set search_path = '' as $$
declare
  today date := (runboard_internal.clock() at time zone 'UTC')::date;
  parent text;
  partition text;
  day date;
  made integer := 0;
begin
  if to_regclass(format('runboard_internal.run_log_chunks_%s', to_char(today + 3, 'YYYYMMDD'))) is not null then
    return 0;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('runboard.ensure_partitions', 0)) then
    return 0;
  end if;
  foreach parent in array array['run_events', 'run_log_chunks'] loop
    for offset_days in -1..3 loop
      day := today + offset_days;
      partition := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
      continue when to_regclass('runboard_internal.' || partition) is not null;
      begin
        execute format('create table runboard_internal.%I (like public.%I including defaults including constraints including comments)', partition, parent);
        execute format('alter table runboard_internal.%I enable row level security', partition);
        execute format('alter table public.%I attach partition runboard_internal.%I for values from (%L) to (%L)', parent, partition, day, day + 1);
        made := made + 1;
      exception
        -- The default partition already holds rows of that day, or somebody holds the table: later.
        when check_violation or lock_not_available then null;
      end;
    end loop;
  end loop;
  return made;
end
$$;
comment on function runboard_internal.ensure_partitions() is 'Makes the day partitions from yesterday to three days ahead; answers how many it made.';
revoke execute on function runboard_internal.ensure_partitions() from public;

do $$ begin perform runboard_internal.ensure_partitions(); end $$;
