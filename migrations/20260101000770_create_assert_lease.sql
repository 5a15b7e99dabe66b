-- The first statement of every transaction in which an action writes product tables. It holds the lease
-- row against the sweep until that transaction ends, so a worker that lost its lease can commit nothing.
-- `for key share` lets heartbeats of the same run pass.
create function public.assert_lease(run_id text, lease_seq bigint) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform runboard_internal.require('worker');
  perform from runboard_internal.run_leases as l
  where l.run_id = assert_lease.run_id and l.lease_seq = assert_lease.lease_seq
  for key share;
  if not found then
    perform runboard_internal.refuse(409, 'lease_lost', format('The run %s is no longer held under lease %s.', assert_lease.run_id, assert_lease.lease_seq),
      'Stop the step and discard what it made: another worker may have the run.');
  end if;
end
$$;
comment on function public.assert_lease(text, bigint) is 'Locks the lease for this transaction or raises lease_lost.';
revoke execute on function public.assert_lease(text, bigint) from public;
grant execute on function public.assert_lease(text, bigint) to service_role, runboard_worker;
