-- An orderly shutdown is nobody's failure: the run goes to the front of its priority and the try does
-- not count.
create function public.release_run(run_id text, lease_seq bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  ended record;
begin
  perform runboard_internal.require('worker');
  perform from runboard_internal.run_leases as l where l.run_id = release_run.run_id and l.lease_seq = release_run.lease_seq for update;
  select e.outcome, e.lane into ended
  from runboard_internal.end_attempts(jsonb_build_array(
    jsonb_build_object('run_id', release_run.run_id, 'lease_seq', release_run.lease_seq, 'how', 'released'))) as e;
  if ended.outcome is null then
    return 'lost';
  end if;
  perform runboard_internal.hint('enqueued', jsonb_build_object('lanes', jsonb_build_array(ended.lane), 'runs', jsonb_build_array(release_run.run_id)));
  return 'ok';
end
$$;
comment on function public.release_run(text, bigint) is 'Gives a run back to its lane without penalty: ok or lost.';
revoke execute on function public.release_run(text, bigint) from public;
grant execute on function public.release_run(text, bigint) to service_role, runboard_worker;
