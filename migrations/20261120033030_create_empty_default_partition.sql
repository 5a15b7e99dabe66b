-- Rows of a day that had no partition fell into the default one. This gives one such day its partition and
-- moves its rows there, so that the day can be dropped like any other. Only retention calls it: it holds the
-- table for as long as the move takes.
create function runboard_internal.empty_default_partition(parent text, from_day date, until_day date) returns date
language plpgsql volatile set search_path = '' as $$
declare
  rest text := parent || '_default';
  wanted date;
  partition text;
begin
  if parent not in ('run_events', 'run_log_chunks') then
    raise exception 'no partitioned table is called %', parent;
  end if;
  execute format('select min(d.day) from runboard_internal.%I as d where d.day >= $1 and d.day < $2', rest) into wanted using from_day, until_day;
  if wanted is null then
    return null;
  end if;
  partition := format('%s_%s', parent, to_char(wanted, 'YYYYMMDD'));
  if to_regclass('runboard_internal.' || partition) is not null then
    raise exception 'the partition % is there, and yet rows of its day are in the default one', partition;
  end if;
  execute format('create table runboard_internal.%I (like public.%I including defaults including constraints including comments)', partition, parent);
  execute format('alter table runboard_internal.%I enable row level security', partition);
  execute format('with moved as (delete from runboard_internal.%I as d where d.day = $1 returning d.*) insert into runboard_internal.%I select * from moved', rest, partition)
  using wanted;
  execute format('alter table public.%I attach partition runboard_internal.%I for values from (%L) to (%L)', parent, partition, wanted, wanted + 1);
  return wanted;
end
$$;
comment on function runboard_internal.empty_default_partition(text, date, date) is 'Moves the oldest of some days out of a default partition; answers which, or null when it holds none of them.';
revoke execute on function runboard_internal.empty_default_partition(text, date, date) from public;
