-- The repair must come to every key, however many of those before it are busy: it goes on where the last look that
-- did not come to the end has stopped.
create table runboard_internal.unpark_progress (
  only_one boolean not null default true,
  last_key text,
  constraint unpark_progress_pkey primary key (only_one),
  constraint unpark_progress_is_one_row check (only_one)
) with (fillfactor = 50);
comment on table runboard_internal.unpark_progress is 'Where the search for forgotten parked runs goes on.';
comment on column runboard_internal.unpark_progress.last_key is 'Key it looked at last; null means it begins with the first.';
insert into runboard_internal.unpark_progress default values;
alter table runboard_internal.unpark_progress enable row level security;

create or replace function runboard_internal.unpark_free(max_keys integer) returns integer
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
as $$
declare
  start text := (select p.last_key from runboard_internal.unpark_progress as p);
  wrapped boolean := start is null;
  at_end boolean := false;
  key text := start;
  freed integer := 0;
begin
  for look in 1..max_keys loop
    -- The index is stepped through from key to key.
    if key is null then
      select q.concurrency_key into key from runboard_internal.run_queue as q
      where q.concurrency_key is not null and q.parked
      order by q.concurrency_key
      limit 1;
    else
      select q.concurrency_key into key from runboard_internal.run_queue as q
      where q.concurrency_key > key and q.parked
      order by q.concurrency_key
      limit 1;
    end if;
    if key is null then
      at_end := wrapped;
      exit when at_end;
      wrapped := true;
      continue;
    end if;
    at_end := coalesce(wrapped and key > start, false);
    exit when at_end;
    continue when not exists (
      select from public.lanes as l
      where l.max_per_key > runboard_internal.key_holders(key)
        and exists (select from runboard_internal.run_queue as q where q.concurrency_key = key and q.parked and q.lane = l.name));
    if pg_try_advisory_xact_lock(hashtextextended(key, 2)) then
      freed := freed + runboard_internal.unpark(key);
    end if;
  end loop;
  if at_end then
    key := null;
  end if;
  if key is distinct from start then
    -- Whoever looks at the same moment has the same end to tell, so nobody waits to tell it.
    update runboard_internal.unpark_progress as p
    set last_key = key
    from (select x.only_one from runboard_internal.unpark_progress as x for update skip locked) as free
    where p.only_one = free.only_one;
  end if;
  return freed;
end
$$;
comment on function runboard_internal.unpark_free(integer) is 'Looks at parked runs of so many keys, and brings back those whose key has room; answers how many claims can see again.';
