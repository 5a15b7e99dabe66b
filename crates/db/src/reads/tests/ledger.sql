-- A ledger of a million runs that ended and a hundred thousand that are queued, thirty-five that run, five that wait. What it takes:
-- no trigger, no foreign key, one statement per table.
set session_replication_role = replica;
insert into public.run_templates (slug, title, lane, latest_version)
select slug, slug, 'B', 1 from unnest(array['common', 'rare', 'never']) as slug;
insert into public.run_template_versions (slug, version, definition, source)
select slug, 1, '{"steps": [{"id": "a", "kind": "shell"}]}', '' from unnest(array['common', 'rare', 'never']) as slug;

insert into public.runs (
  run_id, title, action, template_slug, template_version, lane, status, reason, params, requested_by, attempt,
  created_at, queued_at, started_at, finished_at, steps_total)
select
  to_char(n.at at time zone 'UTC', '"run_"YYYYMMDD"_"HH24MISS"_"') || translate(lpad(to_hex(n.n), 8, '0'), '0189', 'ghij'),
  'Run of a template', case when n.n % 5 = 0 then 'template.run' end, case when n.n % 1000 = 1 then 'rare' else 'common' end, 1,
  -- Lane D stays empty.
  (array['A', 'B', 'B', 'C'])[n.n % 4 + 1],
  n.status, case n.status when 'failed' then 'step_failed' when 'canceled' then 'canceled_by_person' end,
  '{"size": 1}', '{"actor": "somebody@example.org"}', (n.status <> 'queued')::int,
  n.at, n.at, case when n.status <> 'queued' then n.at end,
  case when n.status not in ('queued', 'running', 'waiting') then n.at + interval '3 seconds' end, 1
from (
  select n, clock_timestamp() - (1100040 - n) * interval '7 seconds' as at,
    case
      when n > 1100035 then 'waiting' when n > 1100000 then 'running' when n % 11 = 0 then 'queued' when n % 97 = 0 then 'failed' when n % 101 = 0 then 'canceled'
      else 'success'
    end as status
  from generate_series(1, 1100040) as n
) as n;

insert into runboard_internal.run_ends (run_id, lane, status, entered_at, left_at, finished_at)
select r.run_id, r.lane, r.status, r.created_at, coalesce(r.started_at, r.finished_at), r.finished_at
from public.runs as r
where r.finished_at is not null
order by r.finished_at;
insert into public.run_attempts (run_id, lease_seq, attempt, worker_id, worker_name, claimed_at, ended_at, outcome)
select r.run_id, row_number() over (), 1, gen_random_uuid(), 'w1', r.started_at, r.finished_at, r.status
from public.runs as r
where r.finished_at > clock_timestamp() - interval '20 days';
insert into public.run_steps (run_id, lease_seq, step, attempt, position, title, kind, status, started_at, finished_at)
select a.run_id, a.lease_seq, 'a', 1, 0, 'A', 'shell', a.outcome, a.claimed_at, a.ended_at
from public.run_attempts as a
where a.outcome <> 'retried';
insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message)
select a.run_id, 0, a.lease_seq * 3 + k.n, a.claimed_at::date, a.claimed_at, 'claimed', 'Claimed by w1.'
from public.run_attempts as a
cross join generate_series(0, 2) as k (n)
where a.claimed_at > clock_timestamp() - interval '10 days';
set session_replication_role = origin;

insert into public.workers (worker_id, name, host, pid, version, lanes, kinds, slots, started_at, heartbeat_at, expires_at)
values ('00000000-0000-4000-8000-000000000001', 'w1', 'h', 1, '0', '{A,B,C,D}', '{shell}', 50, clock_timestamp(), clock_timestamp(),
  clock_timestamp() + interval '10 years');
insert into runboard_internal.run_leases (run_id, lease_seq, worker_id, lane, attempt, claimed_at, day, heartbeat_at, expires_at)
select r.run_id, 10000000 + row_number() over (), '00000000-0000-4000-8000-000000000001', r.lane, 1, r.started_at, current_date, clock_timestamp(),
  clock_timestamp() + interval '10 years'
from public.runs as r
where r.created_at > clock_timestamp() - interval '10 minutes' and r.status = 'running';
insert into runboard_internal.run_waits (run_id, step, kind, role, opened_at, lane, priority)
select r.run_id, 'a', 'approval', 'operator', r.started_at, r.lane, r.priority
from public.runs as r
where r.created_at > clock_timestamp() - interval '10 minutes' and r.status = 'waiting';
insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, kinds)
select r.run_id, r.lane, r.priority, r.queued_at, '{shell}' from public.runs as r where r.status = 'queued';
select setval('runboard_internal.lease_seq', 20000000);
