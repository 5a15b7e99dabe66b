-- The orderly end of a worker. What it still holds goes back to its lane at once, without penalty,
-- instead of waiting for its leases to expire.
create or replace function public.deregister_worker(worker_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('worker');
  moment timestamptz := runboard_internal.clock();
  held jsonb;
  lanes jsonb;
  runs jsonb;
begin
  if exists (select from public.workers as w where w.worker_id = deregister_worker.worker_id and not runboard_internal.owns_worker(who, w.registered_by)) then
    perform runboard_internal.refuse(404, 'unknown_worker', 'There is no such worker of yours.', null, 'worker_id');
  end if;
  select jsonb_agg(jsonb_build_object('run_id', l.run_id, 'lease_seq', l.lease_seq, 'how', 'released')), jsonb_agg(distinct l.lane), jsonb_agg(l.run_id) into held, lanes, runs
  from (
    select run_id, lease_seq, lane from runboard_internal.run_leases as l where l.worker_id = deregister_worker.worker_id order by run_id for update
  ) as l;
  if held is not null then
    perform runboard_internal.end_attempts(held);
    perform runboard_internal.hint('enqueued', jsonb_build_object('lanes', lanes, 'runs', runs));
  end if;
  update public.workers as w set stopped_at = moment, heartbeat_at = moment, expires_at = moment
  where w.worker_id = deregister_worker.worker_id and w.stopped_at is null;
  perform runboard_internal.hint('worker', '{}');
end
$$;
