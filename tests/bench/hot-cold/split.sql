-- The split design with the project's own tables (the migrations are applied before this): a claim moves
-- a small row from run_queue to run_leases, a heartbeat touches the lease only, `runs` is written at
-- claim and finish.
create schema bench;

create function bench.load(from_number integer, to_number integer) returns void language plpgsql as $$
begin
  insert into public.runs (run_id, title, action, lane, params, created_at, queued_at)
  select bench.id(n), 'bench', 'bench.noop', 'B', bench.params(n), clock_timestamp(), clock_timestamp()
  from generate_series(from_number, to_number) as n;
  insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, kinds)
  select bench.id(n), 'B', 100, clock_timestamp(), '{action}' from generate_series(from_number, to_number) as n;
end
$$;

create function bench.claim(worker uuid, want integer) returns text[] language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan as $$
declare
  ids text[];
begin
  with picked as materialized (
    select q.run_id from runboard_internal.run_queue as q
    where q.lane = 'B' and q.kinds <@ '{action}'
    order by q.priority, q.seq
    limit want
    for update skip locked
  ), taken as (
    delete from runboard_internal.run_queue as q using picked where q.run_id = picked.run_id returning q.run_id
  ), leased as (
    insert into runboard_internal.run_leases (run_id, lease_seq, worker_id, lane, attempt, claimed_at, day, heartbeat_at, expires_at)
    select t.run_id, nextval('runboard_internal.lease_seq'), worker, 'B', 1, clock_timestamp(), current_date, clock_timestamp(),
      clock_timestamp() + interval '20 seconds'
    from taken as t
  ), begun as (
    update public.runs as r set status = 'running', attempt = r.attempt + 1, started_at = clock_timestamp(), version = r.version + 1
    from taken as t where r.run_id = t.run_id
    returning r.run_id, r.params
  )
  select array_agg(b.run_id) into ids from begun as b;
  return coalesce(ids, '{}');
end
$$;

create function bench.beat(ids text[]) returns void language sql as $$
  update runboard_internal.run_leases as l
  set heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + interval '20 seconds', version = l.version + 1
  where l.run_id = any (ids)
$$;

create function bench.finish(ids text[]) returns void language plpgsql as $$
begin
  delete from runboard_internal.run_leases as l where l.run_id = any (ids);
  update public.runs as r set status = 'success', finished_at = clock_timestamp(), result = '{}', version = r.version + 1
  where r.run_id = any (ids);
end
$$;

create view bench.tables as select unnest(array['public.runs', 'runboard_internal.run_queue', 'runboard_internal.run_leases']::regclass[]) as name;
