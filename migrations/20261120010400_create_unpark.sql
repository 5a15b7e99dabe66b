-- A key is held by running and by waiting runs. When a holder goes, whichever function let it go, the next
-- runs of the key come back to where claims see them.
--
-- Nothing is forgotten: a claim parks under the key's advisory lock, which it only tries; who removes a
-- holder takes the same lock before it looks for parked runs. So either the claim found the key free, or
-- the remover finds what the claim parked.
create function runboard_internal.key_holders(key text) returns bigint
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set jit = off
as $$
begin
  -- Volatile, so that it sees what was committed until now and not when the caller's statement began.
  return (select count(*) from runboard_internal.run_leases as l where l.concurrency_key = key)
    + (select count(*) from runboard_internal.run_waits as w where w.concurrency_key = key);
end
$$;
comment on function runboard_internal.key_holders(text) is 'Runs that hold a concurrency key: running and waiting ones.';
revoke execute on function runboard_internal.key_holders(text) from public;

-- As many of each lane as could run at once; the claim counts exactly.
create function runboard_internal.unpark(key text) returns integer
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  freed integer;
begin
  update runboard_internal.run_queue as q
  set parked = false
  from public.lanes as l
  cross join lateral (
    select n.run_id from runboard_internal.run_queue as n
    where n.concurrency_key = unpark.key and n.parked and n.lane = l.name
    order by n.rank, n.seq
    limit l.max_per_key
    for update
  ) as next
  where q.run_id = next.run_id;
  get diagnostics freed = row_count;
  return freed;
end
$$;
comment on function runboard_internal.unpark(text) is 'Lets claims see the next parked runs of a key; the caller holds the lock of the key.';
revoke execute on function runboard_internal.unpark(text) from public;

create function runboard_internal.unpark_next() returns trigger
language plpgsql set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set jit = off
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(old.concurrency_key, 2));
  perform runboard_internal.unpark(old.concurrency_key);
  return null;
end
$$;
revoke execute on function runboard_internal.unpark_next() from public;
create trigger run_leases_unpark after delete on runboard_internal.run_leases
  for each row when (old.concurrency_key is not null) execute function runboard_internal.unpark_next();
create trigger run_waits_unpark after delete on runboard_internal.run_waits
  for each row when (old.concurrency_key is not null) execute function runboard_internal.unpark_next();

-- The repair: parked runs of a key that has room and nobody to free them (limits were raised, a queued run
-- that was to go before them was canceled). The index is stepped through from key to key.
create function runboard_internal.unpark_free(max_keys integer) returns integer
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
as $$
declare
  key text := '';
  freed integer := 0;
begin
  for look in 1..max_keys loop
    select q.concurrency_key into key from runboard_internal.run_queue as q
    where q.concurrency_key > key and q.parked
    order by q.concurrency_key
    limit 1;
    exit when key is null;
    continue when not exists (
      select from public.lanes as l
      where l.max_per_key > runboard_internal.key_holders(key)
        and exists (select from runboard_internal.run_queue as q where q.concurrency_key = key and q.parked and q.lane = l.name));
    if pg_try_advisory_xact_lock(hashtextextended(key, 2)) then
      freed := freed + runboard_internal.unpark(key);
    end if;
  end loop;
  return freed;
end
$$;
comment on function runboard_internal.unpark_free(integer) is 'Finds parked runs whose key has room; answers how many claims can see again.';
revoke execute on function runboard_internal.unpark_free(integer) from public;
