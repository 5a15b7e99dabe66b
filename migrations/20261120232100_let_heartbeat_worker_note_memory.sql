-- A worker may say how much memory it holds whenever it says that it lives. Older workers go on as before.
drop function public.heartbeat_worker(uuid);
create function public.heartbeat_worker(worker_id uuid, memory_bytes bigint default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('worker');
  moment timestamptz := runboard_internal.clock();
  answer text;
begin
  if memory_bytes < 0 then
    perform runboard_internal.refuse(422, 'invalid_memory', 'The memory of a worker is not negative.', 'Give the resident set in bytes, or nothing.', 'memory_bytes');
  end if;
  update public.workers as w
  set heartbeat_at = moment, expires_at = moment + make_interval(secs => runboard_internal.setting('lease') / 1000.0),
    memory_bytes = coalesce(heartbeat_worker.memory_bytes, w.memory_bytes)
  where w.worker_id = heartbeat_worker.worker_id and w.stopped_at is null and runboard_internal.owns_worker(who, w.registered_by)
  returning case when w.draining_at is null then 'ok' else 'draining' end into answer;
  return coalesce(answer, 'unknown');
end
$$;
comment on function public.heartbeat_worker(uuid, bigint) is 'Says a worker is alive and how much memory it holds, in bytes: ok, draining (take no more work) or unknown (register again).';
revoke execute on function public.heartbeat_worker(uuid, bigint) from public;
grant execute on function public.heartbeat_worker(uuid, bigint) to service_role, runboard_worker;
