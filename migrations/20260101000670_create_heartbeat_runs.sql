-- A heartbeat extends leases by the database's clock and brings back what the worker must know: that a
-- person wants the run canceled, or that the lease is gone and nothing it does counts any more.
create function public.heartbeat_runs(beats jsonb) returns table (run_id text, outcome text)
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  writes jsonb;
begin
  perform runboard_internal.require('worker');
  select coalesce(jsonb_agg(b.value || '{"op": "beat"}'), '[]') into writes from jsonb_array_elements(beats) as b(value);
  -- A heartbeat that a crash of the server forgets only makes the lease end a little earlier.
  perform set_config('synchronous_commit', 'off', true);
  perform runboard_internal.lock_leases(writes);
  return query
  select b.value ->> 'run_id', o.outcome
  from jsonb_array_elements(beats) with ordinality as b(value, ord)
  join unnest(runboard_internal.apply_writes(writes)) with ordinality as o(outcome, ord) on o.ord = b.ord;
end
$$;
comment on function public.heartbeat_runs(jsonb) is 'Extends leases: [{run_id, lease_seq, progress?}] → ok, cancel_requested or lost for each.';
revoke execute on function public.heartbeat_runs(jsonb) from public;
grant execute on function public.heartbeat_runs(jsonb) to service_role, runboard_worker;
