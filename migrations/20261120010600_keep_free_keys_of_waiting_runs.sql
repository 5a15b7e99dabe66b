-- Of the candidates, in their order, those whose concurrency key still has room, and the keys that are
-- taken. The key's advisory lock is tried first and held to the end of the transaction; the count comes in a
-- later statement, so it sees every holder that an earlier owner of the lock committed. A key whose lock is
-- not to be had is `avoided` but not known to be taken.
drop function runboard_internal.keep_free_keys(text[], text[]);
create function runboard_internal.keep_free_keys(
  ids text[], keys text[], out kept text[], out taken_keys text[], out avoided_keys text[]
)
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  locked_keys text[];
begin
  kept := ids;
  taken_keys := '{}';
  avoided_keys := '{}';
  if array_remove(keys, null) = '{}' then
    return;
  end if;
  select coalesce(array_agg(k.key) filter (where k.locked), '{}'), coalesce(array_agg(k.key) filter (where not k.locked), '{}')
  into locked_keys, avoided_keys
  from (
    select u.key, pg_try_advisory_xact_lock(hashtextextended(u.key, 2)) as locked
    from (select distinct key from unnest(keys) as u(key) where key is not null offset 0) as u
  ) as k;
  with place as materialized (
    select u.id, u.key, u.place, row_number() over (partition by u.key order by u.place) as turn, l.max_per_key
    from unnest(ids, keys) with ordinality as u(id, key, place)
    join runboard_internal.run_queue as q on q.run_id = u.id
    join public.lanes as l on l.name = q.lane
  ),
  held as materialized (
    select k.key, runboard_internal.key_holders(k.key) as count from unnest(locked_keys) as k(key)
  )
  select coalesce(array_agg(p.id order by p.place) filter (where p.key is null or p.turn + h.count <= p.max_per_key), '{}'),
    coalesce(array_agg(distinct p.key) filter (where h.count >= p.max_per_key), '{}')
  into kept, taken_keys
  from place as p
  left join held as h on h.key = p.key
  where p.key is null or h.key is not null;
end
$$;
comment on function runboard_internal.keep_free_keys(text[], text[]) is 'Drops candidates whose concurrency key is taken.';
revoke execute on function runboard_internal.keep_free_keys(text[], text[]) from public;
