-- A run that goes on after a wait goes on, whatever its template says of attempts: steps that ended before
-- it waited, well, badly but tolerated, or skipped, are not begun again. A template that starts over at every
-- attempt does so when an attempt ended in another way than by waiting.
create function public.settled_steps(run_id text, lease_seq bigint) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  last_outcome text;
  restarts boolean;
begin
  perform runboard_internal.require('worker');
  if not exists (select from runboard_internal.run_leases as l where l.run_id = settled_steps.run_id and l.lease_seq = settled_steps.lease_seq) then
    perform runboard_internal.refuse(409, 'lease_lost', format('The run %s is no longer held under lease %s.', run_id, lease_seq), 'Stop the step and discard what it made: another worker may have the run.');
  end if;
  select a.outcome into last_outcome from public.run_attempts as a where a.run_id = settled_steps.run_id order by a.lease_seq desc limit 1;
  select coalesce((v.definition -> 'policy' -> 'restart')::boolean, false) into restarts
  from public.runs as r
  join public.run_template_versions as v on v.slug = r.template_slug and v.version = r.template_version
  where r.run_id = settled_steps.run_id;
  if restarts and last_outcome is distinct from 'suspended' then
    return '{}';
  end if;
  return (
    select coalesce(jsonb_object_agg(settled.step, jsonb_build_object('status', settled.status, 'output', settled.output)), '{}')
    from (
      select distinct on (s.step) s.step, s.status, s.output
      from public.run_attempts as a
      join public.run_steps as s on s.run_id = a.run_id and s.lease_seq = a.lease_seq
      where a.run_id = settled_steps.run_id and a.outcome = 'suspended' and s.status in ('success', 'failed', 'skipped')
      order by s.step, s.lease_seq desc
    ) as settled
  );
end
$$;
comment on function public.settled_steps(text, bigint) is 'Steps that ended before the run waited: {step: {status, output}}.';
revoke execute on function public.settled_steps(text, bigint) from public;
grant execute on function public.settled_steps(text, bigint) to service_role, runboard_worker;
