-- Whether a worker is alive is one small row that nothing else writes often. The lease of its runs is
-- separate: heartbeat_runs.
create or replace function public.heartbeat_worker(worker_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('worker');
  moment timestamptz := runboard_internal.clock();
  answer text;
begin
  update public.workers as w
  set heartbeat_at = moment, expires_at = moment + make_interval(secs => runboard_internal.setting('lease') / 1000.0)
  where w.worker_id = heartbeat_worker.worker_id and w.stopped_at is null and runboard_internal.owns_worker(who, w.registered_by)
  returning case when w.draining_at is null then 'ok' else 'draining' end into answer;
  return coalesce(answer, 'unknown');
end
$$;
comment on function public.heartbeat_worker(uuid) is 'Says a worker is alive: ok, draining (take no more work) or unknown (register again).';
