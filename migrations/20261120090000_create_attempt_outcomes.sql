-- A worker that did not hear the answer to its last words says them again, and then the lease is gone. Whether
-- it was lost or ended as it had said is what this tells.
create function public.attempt_outcomes(run_ids text[], lease_seqs bigint[]) returns text[]
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  perform runboard_internal.require('worker');
  return array(
    select a.outcome
    from unnest(run_ids, lease_seqs) with ordinality as i(run_id, lease_seq, place)
    left join public.run_attempts as a on a.run_id = i.run_id and a.lease_seq = i.lease_seq
    order by i.place);
end
$$;
comment on function public.attempt_outcomes(text[], bigint[]) is 'How the attempts under these leases ended, in order; null for one that goes on or is unknown.';
revoke execute on function public.attempt_outcomes(text[], bigint[]) from public;
grant execute on function public.attempt_outcomes(text[], bigint[]) to service_role, runboard_worker;
