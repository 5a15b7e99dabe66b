-- Takes runs of taken keys out of the way of claims, a bounded number at a time: a flood of one key costs
-- each of its runs this once, instead of every claim a walk over all of them. The caller holds the locks of
-- the keys.
create function runboard_internal.park(keys text[], max_rows integer) returns integer
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
as $$
declare
  gone integer;
begin
  update runboard_internal.run_queue as q
  set parked = true
  from (
    select n.run_id
    from (select u.key, runboard_internal.key_holders(u.key) as holders from unnest(keys) as u(key) offset 0) as k
    cross join lateral (
      -- Of each lane only where the key is over its limit: another lane may allow more.
      select n.run_id from runboard_internal.run_queue as n
      join public.lanes as l on l.name = n.lane
      where n.concurrency_key = k.key and not n.parked and k.holders >= l.max_per_key
      limit max_rows
      for update of n skip locked
    ) as n
    limit max_rows
  ) as busy
  where q.run_id = busy.run_id;
  get diagnostics gone = row_count;
  return gone;
end
$$;
comment on function runboard_internal.park(text[], integer) is 'Hides runs of taken keys from claims; answers how many.';
revoke execute on function runboard_internal.park(text[], integer) from public;
