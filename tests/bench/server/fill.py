"""A large ledger, written by Postgres itself: ten days of runs in four lanes, one in twenty-five failed."""

import datetime

NOW = datetime.datetime.now(datetime.timezone.utc)
WEEK_AGO = NOW - datetime.timedelta(days=7)
DAY_FROM = WEEK_AGO.strftime("%Y-%m-%dT00:00:00Z")
DAY_TO = (WEEK_AGO + datetime.timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")

RUNS = """
insert into public.runs (run_id, title, template_slug, template_version, lane, priority, status, reason, params,
  requested_by, attempt, steps_total, error, created_at, queued_at, started_at, finished_at)
select run_id, 'Run ' || slug || ' of customer ' || i %% 5000, slug, 1, lane, 100, status,
  case status when 'failed' then 'step_failed' when 'canceled' then 'canceled_by_person' end,
  jsonb_build_object('n', i), jsonb_build_object('actor', 'person' || i %% 40 || '@example.com'),
  case when status = 'queued' then 0 else 1 end, 1,
  case status when 'failed' then '{"code": "step_failed", "message": "The step ended with 1."}'::jsonb end,
  made, made, case when status = 'queued' then null else made + interval '1 second' end,
  case when status = 'queued' then null else made + interval '3 seconds' end
from (
  select i, made, case when i %% 2000 = 0 then 'skipped' when i %% 3 = 0 then 'held' else 'noop' end as slug,
    substr('ABCD', 1 + (i %% 4)::int, 1) as lane,
    case when %(queued)s then 'queued' when i %% 25 = 0 then 'failed' when i %% 50 = 7 then 'canceled' else 'success' end as status,
    to_char(made at time zone 'utc', '"run_"YYYYMMDD_HH24MISS_') || translate(lpad(to_hex(i), 8, '0'), '0189', 'ghij') as run_id
  from (
    select i, clock_timestamp() - case when %(queued)s then interval '1 hour' else interval '10 days' end
      * (1 - (i - %(first)s)::float8 / %(count)s) - case when %(queued)s then interval '0' else interval '1 hour' end as made
    from generate_series(%(first)s::bigint, %(first)s + %(count)s - 1) as i
  ) as numbered
) as described
"""

ENDS = """
insert into runboard_internal.run_ends (run_id, lane, status, entered_at, left_at, finished_at)
select r.run_id, r.lane, r.status, r.created_at, coalesce(r.started_at, r.finished_at), r.finished_at
from public.runs as r
where r.finished_at is not null
order by r.finished_at
"""

STEPS = """
insert into public.run_steps (run_id, lease_seq, step, attempt, position, title, kind, status, started_at, finished_at)
select run_id, row_number() over (), 'noop', 1, 0, 'noop', 'noop',
  case status when 'success' then 'success' when 'failed' then 'failed' else 'canceled' end, started_at, finished_at
from public.runs where finished_at is not null
"""

ATTEMPTS = """
insert into public.run_attempts (run_id, lease_seq, attempt, worker_id, worker_name, claimed_at, ended_at, outcome)
select run_id, row_number() over (), 1, '00000000-0000-4000-8000-000000000001', 'bench', started_at, finished_at, status
from public.runs where finished_at is not null
"""

QUEUE = """
insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, kinds)
select run_id, lane, priority, queued_at, '{noop}' from public.runs where status = 'queued' order by queued_at
"""

# An ended run, the cursor of a page in the middle, and a word that one run has.
LANDMARKS = """
select run_id, (extract(epoch from created_at) * 1000000)::bigint || '.' || run_id, split_part(run_id, '_', 4)
from public.runs where created_at > clock_timestamp() - interval '5 days' and status = 'success'
order by created_at limit 1
"""


def load(database, finished, queued):
    conn = database.conn
    # What guards single rows would take an hour for a million.
    conn.execute("set session_replication_role = replica")
    conn.execute(RUNS, {"queued": False, "first": 1, "count": finished})
    conn.execute(RUNS, {"queued": True, "first": finished + 1, "count": queued})
    conn.execute(ENDS)
    conn.execute(STEPS)
    conn.execute(ATTEMPTS)
    conn.execute("set session_replication_role = origin")
    # The queue's own trigger gives each its place.
    conn.execute(QUEUE)
    conn.execute("vacuum analyze")
    conn.execute("checkpoint")
