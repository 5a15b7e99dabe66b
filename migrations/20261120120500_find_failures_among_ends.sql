-- What is wrong at this moment, by the rules. It only looks; evaluate_alerts compares it with what was
-- wrong before. Each part goes through an index and is bounded.
create or replace function runboard_internal.alert_findings(moment timestamptz)
returns table (kind text, key text, severity text, message text, hint text, data jsonb, lane text, run_id text)
language sql stable set search_path = '' as $$
  with rule as materialized (
    select r.kind, r.severity, r.threshold, make_interval(secs => r.window_seconds) as span from public.alert_rules as r where r.enabled
  ),
  -- One row per lane with due runs; lanes that a person paused wait on purpose.
  backlog as materialized (
    select l.name, oldest.queued_at, live.worker_count
    from public.lanes as l
    cross join lateral (
      select min(q.queued_at) as queued_at
      from (select x.queued_at from runboard_internal.run_queue as x where x.lane = l.name order by x.parked, x.rank, x.seq limit 1000) as q
    ) as oldest
    cross join lateral (
      select count(*) as worker_count from public.workers as w
      where l.name = any (w.lanes) and w.stopped_at is null and w.draining_at is null and w.expires_at > moment
    ) as live
    where l.paused_at is null and oldest.queued_at is not null
  ),
  -- Per lane, because the index of ends begins with the lane.
  ended as materialized (
    select e.*
    from public.lanes as l
    cross join lateral (
      select r.run_id, r.status, r.reason, r.title, r.lane, coalesce(r.template_slug, r.action) as work, r.finished_at, r.error ->> 'message' as cause
      from (
        select x.run_id from runboard_internal.run_ends as x
        where x.lane = l.name and x.finished_at > moment - (select max(x.span) from rule as x where x.kind in ('run_failed', 'failure_rate'))
        order by x.finished_at desc
        limit 5000
      ) as x
      join public.runs as r on r.run_id = x.run_id
    ) as e
  ),
  failing as (
    select e.work,
      count(*) filter (where e.status = 'failed') as failed_count,
      max(e.finished_at) filter (where e.status = 'success') as last_success_at,
      max(e.finished_at) filter (where e.status = 'failed') as last_failure_at,
      (array_agg(e.run_id order by e.finished_at desc) filter (where e.status = 'failed'))[1] as last_run_id,
      (array_agg(e.title order by e.finished_at desc) filter (where e.status = 'failed'))[1] as title,
      (array_agg(e.lane order by e.finished_at desc) filter (where e.status = 'failed'))[1] as lane,
      (array_agg(coalesce(e.cause, e.reason) order by e.finished_at desc) filter (where e.status = 'failed'))[1] as cause
    from ended as e
    cross join rule as r
    where r.kind = 'run_failed' and e.finished_at > moment - r.span
    group by e.work
  ),
  rate as (
    select count(*) as ended_count, count(*) filter (where e.status = 'failed') as failed_count
    from ended as e
    cross join rule as r
    where r.kind = 'failure_rate' and e.finished_at > moment - r.span
  )
  select r.kind, l.run_id, r.severity,
    format('Run %s is stuck: no sign of life for %s.', l.run_id, runboard_internal.in_words(runboard_internal.ms_between(l.heartbeat_at, moment))),
    'No worker recovers it: is any worker of this installation alive?',
    jsonb_build_object('heartbeat_at', l.heartbeat_at, 'attempt', l.attempt), l.lane, l.run_id
  from runboard_internal.run_leases as l
  join rule as r on r.kind = 'run_stuck'
  where l.expires_at + make_interval(secs => r.threshold) <= moment
  union all
  select r.kind, f.work, r.severity,
    case when f.failed_count = 1 then format('%s failed for good: %s', f.title, rtrim(coalesce(f.cause, 'no reason was given'), '.') || '.')
      else format('%s failed for good %s times in %s; the last time: %s', f.title, f.failed_count,
        runboard_internal.in_words(extract(epoch from r.span) * 1000), rtrim(coalesce(f.cause, 'no reason was given'), '.') || '.') end,
    'Read its log, then retry it; a bulk retry of dead runs takes all of them.',
    jsonb_build_object('failed_count', f.failed_count, 'work', f.work), f.lane, f.last_run_id
  from failing as f
  join rule as r on r.kind = 'run_failed'
  where f.failed_count >= r.threshold and (f.last_success_at is null or f.last_success_at < f.last_failure_at)
  union all
  select r.kind, b.name, r.severity,
    format('Nobody works on lane %s: its oldest run has waited for %s.', b.name, runboard_internal.in_words(runboard_internal.ms_between(b.queued_at, moment))),
    format('Start a worker that serves lane %s, or pause the lane.', b.name),
    jsonb_build_object('oldest_queued_at', b.queued_at), b.name, null
  from backlog as b
  join rule as r on r.kind = 'no_worker'
  where b.worker_count = 0 and b.queued_at + make_interval(secs => r.threshold) <= moment
  union all
  select r.kind, b.name, r.severity,
    format('Lane %s is behind: its oldest run has waited for %s.', b.name, runboard_internal.in_words(runboard_internal.ms_between(b.queued_at, moment))),
    'Add workers, raise the limit of the lane, or find out what holds it up with explain_wait.',
    jsonb_build_object('oldest_queued_at', b.queued_at, 'worker_count', b.worker_count), b.name, null
  from backlog as b
  join rule as r on r.kind = 'queue_age'
  where b.worker_count > 0 and b.queued_at + make_interval(secs => r.threshold) <= moment
  union all
  select r.kind, 'all', r.severity,
    format('%s of the last %s runs failed.', e.failed_count, e.ended_count),
    'Look for what they have in common: a worker, a template, a service they call.',
    jsonb_build_object('failed_count', e.failed_count, 'ended_count', e.ended_count), null, null
  from rate as e
  join rule as r on r.kind = 'failure_rate'
  where e.ended_count >= 10 and e.failed_count * 100 >= e.ended_count * r.threshold
$$;
