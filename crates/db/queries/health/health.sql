-- How the database is, in one look. Other people's statements are hidden from a role without
-- pg_read_all_stats: `sees_all` says whether the numbers about sessions are complete.
with session as (
  select
    a.pid, a.usename, a.application_name, a.state, left(regexp_replace(a.query, '\s+', ' ', 'g'), 80) as query,
    extract(epoch from clock_timestamp() - a.xact_start) as age_seconds, age(a.backend_xmin) as xmin_age, a.wait_event_type
  from pg_catalog.pg_stat_activity as a
  where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
),
oldest as (
  select * from session where age_seconds is not null order by age_seconds desc limit 1
),
size as (
  select
    n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid) as bytes, pg_indexes_size(c.oid) as index_bytes,
    s.n_live_tup as live_rows, s.n_dead_tup as dead_rows, greatest(s.last_vacuum, s.last_autovacuum) as vacuumed_at
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_stat_all_tables as s on s.relid = c.oid
  where n.nspname in ('public', 'runboard_internal') and c.relkind = 'r'
)
select jsonb_build_object(
  'sees_all', pg_has_role(current_user, 'pg_read_all_stats', 'usage'),
  'version', current_setting('server_version_num')::integer,
  'clock', to_jsonb(clock_timestamp()),
  'oldest', (select to_jsonb(o) from oldest as o),
  'xmin_age', (select max(xmin_age) from session),
  'notify_usage', pg_notification_queue_usage(),
  'lock_waits', (select count(*) from session where wait_event_type = 'Lock'),
  'connections', (select count(*) from pg_catalog.pg_stat_activity where backend_type = 'client backend'),
  'max_connections', current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer,
  'slots', (select coalesce(jsonb_agg(jsonb_build_object('name', r.slot_name, 'active', r.active,
      'behind_bytes', pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, r.restart_lsn)))
    , '[]') from pg_catalog.pg_replication_slots as r),
  'partitions', (select coalesce(jsonb_object_agg(p.parent, p.parts), '{}') from (
      select i.inhparent::regclass::text as parent, count(*) as parts
      from pg_catalog.pg_inherits as i
      join pg_catalog.pg_class as c on c.oid = i.inhrelid
      where c.relkind = 'r'
      group by i.inhparent) as p),
  'default_rows', (select coalesce(sum(s.live_rows), 0) from size as s where s.name in ('runboard_internal.run_events_default', 'runboard_internal.run_log_chunks_default')),
  'database_bytes', pg_database_size(current_database()),
  'tables', (select coalesce(jsonb_agg(to_jsonb(s) order by s.bytes desc), '[]') from (select * from size order by bytes desc limit 20) as s),
  'hot', (select coalesce(jsonb_agg(to_jsonb(s) order by s.name), '[]') from size as s
    where s.name in ('runboard_internal.run_queue', 'runboard_internal.run_deferred', 'runboard_internal.run_leases', 'runboard_internal.run_waits', 'public.workers', 'public.runs'))
) as health
