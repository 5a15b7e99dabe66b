-- Ends a wait with an outcome from outside. Approvals are decided, not resumed. The same outcome again
-- answers as the first time.
create function public.resume_run(run_id text, outcome jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  given jsonb := coalesce(nullif(outcome, 'null'), '{}');
  waits_for text;
  run_status text;
  settled record;
begin
  perform runboard_internal.check_outcome(given);
  select w.kind into waits_for from runboard_internal.run_waits as w where w.run_id = resume_run.run_id for update;
  if waits_for = 'approval' then
    perform runboard_internal.refuse(409, 'needs_approval', format('The run %s waits for a decision.', resume_run.run_id), 'Approve or reject its step.', 'run_id');
  elsif waits_for is not null then
    run_status := runboard_internal.settle_wait(resume_run.run_id,
      runboard_internal.ending_of(given, format('Resumed by %s.', who ->> 'actor')) || jsonb_build_object('data', jsonb_build_object('actor', who ->> 'actor')));
    perform runboard_internal.audit(who, 'resume_run', 'run', resume_run.run_id, jsonb_build_object('kind', waits_for, 'status', coalesce(given ->> 'status', 'success')));
    return jsonb_build_object('run_id', resume_run.run_id, 'status', run_status, 'resumed', true);
  end if;

  select r.status into run_status from public.runs as r where r.run_id = resume_run.run_id;
  if not found then
    perform runboard_internal.refuse(404, 'unknown_run', format('There is no run %s.', resume_run.run_id), null, 'run_id');
  end if;
  select s.status, s.output into settled
  from public.run_attempts as a
  join public.run_steps as s on s.run_id = a.run_id and s.lease_seq = a.lease_seq
  join public.run_events as e on e.run_id = a.run_id and e.lease_seq = 0 and e.kind = 'wait_ended' and e.at = s.finished_at and e.data ->> 'step' = s.step
  where a.run_id = resume_run.run_id and a.outcome = 'suspended'
  order by a.lease_seq desc
  limit 1;
  if settled.status is distinct from coalesce(given ->> 'status', 'success') or settled.output is distinct from nullif(given -> 'output', 'null') then
    perform runboard_internal.refuse(409, 'not_waiting', format('The run %s does not wait.', resume_run.run_id), 'Look at the run: it may have gone on already.', 'run_id');
  end if;
  return jsonb_build_object('run_id', resume_run.run_id, 'status', run_status, 'resumed', false);
end
$$;
comment on function public.resume_run(text, jsonb) is 'Ends the wait of a run with {status?: success | failed, output?, error?}: {run_id, status, resumed}.';
revoke execute on function public.resume_run(text, jsonb) from public;
grant execute on function public.resume_run(text, jsonb) to authenticated, service_role;
