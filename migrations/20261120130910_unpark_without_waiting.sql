-- As many of each lane as could run at once; the claim counts exactly. A row that somebody holds is passed over: it
-- is being canceled or brought back already, and waiting for it here would be waiting with the lock of a key.
create or replace function runboard_internal.unpark(key text) returns integer
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
    for update skip locked
  ) as next
  where q.run_id = next.run_id;
  get diagnostics freed = row_count;
  return freed;
end
$$;
