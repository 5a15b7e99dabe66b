-- The whole state of the control plane as text, and the ids of the runs in it. Times, spans and ids of this
-- moment are masked; runs and leases are numbered in the order they were made.
with run as (
  select r.*, row_number() over (order by first.seq, r.created_at, r.run_id) as number
  from public.runs as r
  left join lateral (
    select min(e.seq) as seq from public.run_events as e where e.run_id = r.run_id and e.lease_seq = 0
  ) as first on true
),
lease_number as (
  select known.lease_seq, row_number() over (order by known.lease_seq) as number
  from (
    select a.lease_seq from public.run_attempts as a
    union
    select l.lease_seq from runboard_internal.run_leases as l
    union
    select s.lease_seq from public.run_steps as s where s.lease_seq <> 0
  ) as known
),
line as (
  select r.number, 0 as part, 0::bigint as place, concat(
    'run ', r.number, ' "', r.title, '" in ', r.lane, ': ', r.status,
    ' (' || r.reason || ')',
    '; attempt ', r.attempt, ' of ', r.max_attempts,
    case when r.crash_count > 0 then '; crashes ' || r.crash_count end,
    case when r.priority <> 100 then '; priority ' || r.priority end,
    '; key ' || r.concurrency_key,
    case when r.cancel_requested_at is not null then '; cancel requested' end,
    '; result ' || r.result::text,
    '; error ' || r.error::text
  ) as text
  from run as r
  union all
  select r.number, 1, 0, concat('  queued', case when q.seq = 0 then ' in front' end, '; kinds ' || nullif(array_to_string(q.kinds, ','), ''))
  from run as r
  join runboard_internal.run_queue as q on q.run_id = r.run_id
  union all
  select r.number, 2, 0, concat('  deferred', case when d.comes_back then ', comes back' end, '; kinds ' || nullif(array_to_string(d.kinds, ','), ''))
  from run as r
  join runboard_internal.run_deferred as d on d.run_id = r.run_id
  union all
  select r.number, 3, l.lease_seq, concat(
    '  lease ', n.number, ' held by ', coalesce(w.name, 'nobody known'), '; attempt ', l.attempt,
    '; steps done ', l.steps_done,
    '; at ' || l.current_step,
    '; progress ' || l.progress::text,
    case when l.log_line_count > 0 then '; log lines ' || l.log_line_count end,
    case when l.cancel_requested_at is not null then '; cancel requested' end,
    case when l.expires_at <= runboard_internal.clock() then '; expired' end
  )
  from run as r
  join runboard_internal.run_leases as l on l.run_id = r.run_id
  join lease_number as n on n.lease_seq = l.lease_seq
  left join public.workers as w on w.worker_id = l.worker_id
  union all
  select r.number, 3, 0, concat(
    '  waits at ', w.step, ' for ', w.kind, '; role ' || w.role, '; message ' || w.message, '; on timeout ' || w.on_timeout,
    case when w.due_at <= runboard_internal.clock() then '; due' end, '; key ' || w.concurrency_key
  )
  from run as r
  join runboard_internal.run_waits as w on w.run_id = r.run_id
  union all
  select r.number, 4, a.lease_seq, concat('  attempt ', a.attempt, ' under lease ', n.number, ' by ', a.worker_name, ': ', a.outcome, '; error ' || a.error::text)
  from run as r
  join public.run_attempts as a on a.run_id = r.run_id
  join lease_number as n on n.lease_seq = a.lease_seq
  union all
  select r.number, 5, s.lease_seq * 10000 + s.position, concat(
    '  step ', s.step, case when s.lease_seq = 0 then ' copied' else ' under lease ' || n.number end, ', try ', s.try, ': ', s.status,
    '; output ' || s.output::text,
    '; error ' || s.error::text
  )
  from run as r
  join public.run_steps as s on s.run_id = r.run_id
  left join lease_number as n on n.lease_seq = s.lease_seq
  union all
  select r.number, 6, row_number() over (partition by r.number order by e.at, e.lease_seq, e.seq), concat(
    '  event ', e.kind, case when e.lease_seq <> 0 then ' under lease ' || n.number end, ': ', e.message,
    ' ' || nullif(e.data - 'worker_id', '{}')::text
  )
  from run as r
  join public.run_events as e on e.run_id = r.run_id
  left join lease_number as n on n.lease_seq = e.lease_seq
  union all
  select 9000000000 + row_number() over (order by w.name, w.started_at), 0, 0, concat(
    'worker ', w.name, ' serves ', array_to_string(w.lanes, ','),
    case when w.draining_at is not null then '; draining' end,
    case when w.stopped_at is not null then '; stopped' when w.expires_at <= runboard_internal.clock() then '; silent' end
  )
  from public.workers as w
  union all
  select 9900000000 + n.position, 0, 0, concat('lane ', n.name, ' paused', ' by ' || n.paused_by, ': ' || n.pause_reason)
  from public.lanes as n
  where n.paused_at is not null
),
whole as (
  select coalesce(string_agg(line.text, e'\n' order by line.number, line.part, line.place), '') as text from line
),
timeless as (
  select regexp_replace(whole.text, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z|[+-]\d\d(:?\d\d)?)?', '<time>', 'g') as text
  from whole
),
spanless as (
  select regexp_replace(timeless.text, '\m\d+(\.\d+)? (ms|s|min|h)\M( \d+ (s|min)\M)?', '<span>', 'g') as text from timeless
),
nameless as (
  select regexp_replace(spanless.text, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '<uuid>', 'g') as text
  from spanless
)
select
  (select coalesce(array_agg(r.run_id order by r.number), '{}') from run as r) as run_ids,
  regexp_replace(nameless.text, '"(lease_seq|\w+_ms)": [0-9.]+', '"\1": <number>', 'g') as text
from nameless
