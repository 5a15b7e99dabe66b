-- Before a host is taken away its worker must get no more work; what it holds it may finish.
create or replace function public.drain_worker(worker_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.caller();
  moment timestamptz := runboard_internal.clock();
  known record;
begin
  -- A worker drains itself when it is asked to stop; people need to be operators.
  if who ->> 'role' is distinct from 'worker' then
    who := runboard_internal.require('operator');
  end if;
  update public.workers as w set draining_at = coalesce(w.draining_at, moment)
  where w.worker_id = drain_worker.worker_id and w.stopped_at is null and runboard_internal.owns_worker(who, w.registered_by)
  returning w.name, w.draining_at into known;
  if known.name is null then
    perform runboard_internal.refuse(404, 'unknown_worker', 'There is no such worker at work.', 'The page Workers lists them.', 'worker_id');
  end if;
  if known.draining_at = moment then
    perform runboard_internal.audit(who, 'drain_worker', 'worker', drain_worker.worker_id::text, jsonb_build_object('name', known.name));
    perform runboard_internal.hint('worker', '{}');
  end if;
  return 'draining';
end
$$;
comment on function public.drain_worker(uuid) is 'Gives a worker no more work; it finishes what it holds.';
