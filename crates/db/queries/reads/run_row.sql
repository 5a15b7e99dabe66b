-- A run as boards and lists show it. `chosen (run_id, place)` says which runs, in which order.
select
  r.run_id, r.title, r.action, r.template_slug, r.template_version, r.env, r.lane, r.priority, r.status, r.reason,
  r.attempt, r.max_attempts, r.crash_count,
  coalesce(r.requested_by ->> 'actor', r.requested_by ->> 'user', r.requested_by ->> 'ui', 'system') as requested_by,
  -- A run without a template has one step: its action.
  greatest(r.steps_total, (r.action is not null)::integer) as steps_total,
  coalesce(l.steps_done, ended.steps, 0) as steps_done,
  coalesce(l.current_step, wait.message, wait.step) as current_step,
  coalesce(l.progress, r.progress) as progress,
  r.error,
  w.name as worker_name, l.heartbeat_at, l.expires_at,
  coalesce(l.cancel_requested_at, r.cancel_requested_at) as cancel_requested_at,
  coalesce(d.due_at, r.run_after) as run_after,
  r.created_at, r.queued_at, r.started_at, r.finished_at,
  r.version + coalesce(l.version, 0) as version
from chosen
join public.runs as r on r.run_id = chosen.run_id
left join runboard_internal.run_leases as l on l.run_id = r.run_id
left join public.workers as w on w.worker_id = l.worker_id
left join runboard_internal.run_deferred as d on d.run_id = r.run_id
left join runboard_internal.run_waits as wait on wait.run_id = r.run_id
left join lateral (
  -- A lease counts its steps itself; a run without one never started or has stopped.
  select count(distinct s.step)::integer as steps
  from public.run_steps as s
  where s.run_id = r.run_id and s.status in ('success', 'failed', 'skipped')
) as ended on l.run_id is null and r.started_at is not null
order by chosen.place
