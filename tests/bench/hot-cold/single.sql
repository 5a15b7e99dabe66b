-- The rival: one wide table that is queue, lease and ledger, updated in place, with free space in its
-- pages for HOT updates and small partial indexes. Columns, checks and ledger indexes are those of the
-- project's `runs` (the migrations are applied before this); what the split keeps elsewhere is added.
create schema bench;

create table bench.runs (like public.runs including defaults including constraints) with (fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200, vacuum_truncate = off);
create sequence bench.queue_seq;
create sequence bench.lease_seq;
alter table bench.runs
  add primary key (run_id),
  add seq bigint not null default nextval('bench.queue_seq'),
  add kinds text[] not null default '{action}',
  add lease_seq bigint,
  add worker_id uuid,
  add claimed_at timestamptz,
  add heartbeat_at timestamptz,
  add expires_at timestamptz;
create index runs_created on bench.runs (created_at desc, run_id desc);
create index runs_finished on bench.runs (lane, finished_at desc) where finished_at is not null;
create index runs_parent on bench.runs (parent_run_id) where parent_run_id is not null;
create index runs_failed_finished on bench.runs (finished_at) where reason is not null;
create index runs_failed_created on bench.runs (created_at desc, run_id desc) where reason is not null;
create index runs_claim on bench.runs (lane, priority, seq) where status = 'queued';
create index runs_running on bench.runs (lane) where status = 'running';

create function bench.load(from_number integer, to_number integer) returns void language plpgsql as $$
begin
  insert into bench.runs (run_id, title, action, lane, params, created_at, queued_at)
  select bench.id(n), 'bench', 'bench.noop', 'B', bench.params(n), clock_timestamp(), clock_timestamp()
  from generate_series(from_number, to_number) as n;
end
$$;

create function bench.claim(worker uuid, want integer) returns text[] language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan as $$
declare
  ids text[];
begin
  with picked as materialized (
    select q.run_id from bench.runs as q
    where q.status = 'queued' and q.lane = 'B' and q.kinds <@ '{action}'
    order by q.priority, q.seq
    limit want
    for update skip locked
  ), begun as (
    update bench.runs as r
    set status = 'running', attempt = r.attempt + 1, started_at = clock_timestamp(), version = r.version + 1,
      lease_seq = nextval('bench.lease_seq'), worker_id = worker, claimed_at = clock_timestamp(), heartbeat_at = clock_timestamp(),
      expires_at = clock_timestamp() + interval '20 seconds'
    from picked where r.run_id = picked.run_id
    returning r.run_id, r.params
  )
  select array_agg(b.run_id) into ids from begun as b;
  return coalesce(ids, '{}');
end
$$;

create function bench.beat(ids text[]) returns void language sql as $$
  update bench.runs as r
  set heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + interval '20 seconds', version = r.version + 1
  where r.run_id = any (ids)
$$;

create function bench.finish(ids text[]) returns void language sql as $$
  update bench.runs as r
  set status = 'success', finished_at = clock_timestamp(), result = '{}', version = r.version + 1, worker_id = null, lease_seq = null
  where r.run_id = any (ids)
$$;

create view bench.tables as select 'bench.runs'::regclass as name;
