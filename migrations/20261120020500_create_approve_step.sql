-- A decision is made once. The wait names the lowest role that may make it; who asks again for the same gets
-- the same answer, who asks for the opposite hears who decided.
create function public.approve_step(run_id text, step text, decision text, note text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('viewer');
  moment timestamptz := runboard_internal.clock();
  words text := nullif(trim(left(note, 2000)), '');
  wait record;
  made jsonb;
  known record;
  run_status text;
begin
  if coalesce(decision, '') not in ('approve', 'reject') then
    perform runboard_internal.refuse(422, 'invalid_field', 'A decision is approve or reject.', null, 'decision');
  end if;
  select w.* into wait
  from runboard_internal.run_waits as w
  where w.run_id = approve_step.run_id and w.step = approve_step.step and w.kind = 'approval'
  for update;
  if found then
    if runboard_internal.role_rank(who ->> 'role') < runboard_internal.role_rank(wait.role) then
      perform runboard_internal.refuse(403, 'forbidden', format('Deciding this needs the role %s.', wait.role), format('Ask somebody with the role %s.', wait.role));
    end if;
    made := jsonb_build_object('decision', decision, 'by', who ->> 'actor', 'note', words, 'decided_at', moment);
    run_status := runboard_internal.settle_wait(approve_step.run_id, case decision
      when 'approve' then jsonb_build_object('verdict', 'success', 'output', made, 'event', 'approved',
        'message', format('Approved by %s%s', who ->> 'actor', coalesce(': ' || words, '.')))
      else jsonb_build_object('verdict', 'failed', 'event', 'rejected',
        'error', made || jsonb_build_object('code', 'rejected', 'message', format('Rejected by %s%s', who ->> 'actor', coalesce(': ' || words, '.'))),
        'message', format('Rejected by %s%s', who ->> 'actor', coalesce(': ' || words, '.')))
      end || jsonb_build_object('data', jsonb_build_object('actor', who ->> 'actor', 'note', words)));
    perform runboard_internal.audit(who, 'approve_step', 'run', approve_step.run_id,
      jsonb_strip_nulls(jsonb_build_object('step', step, 'decision', decision, 'note', words)));
    return jsonb_build_object('run_id', approve_step.run_id, 'step', step, 'decision', decision, 'by', who ->> 'actor', 'decided_at', moment, 'status', run_status);
  end if;

  select r.status into run_status from public.runs as r where r.run_id = approve_step.run_id;
  if not found then
    perform runboard_internal.refuse(404, 'unknown_run', format('There is no run %s.', approve_step.run_id), null, 'run_id');
  end if;
  select coalesce(s.output, s.error) as body into known
  from public.run_steps as s
  where s.run_id = approve_step.run_id and s.step = approve_step.step and s.kind = 'approval' and s.status in ('success', 'failed')
  order by s.lease_seq desc
  limit 1;
  if known.body ->> 'decision' is null then
    perform runboard_internal.refuse(409, 'not_waiting', format('Step %s of %s does not wait for a decision.', step, approve_step.run_id), 'Look at the run: it may have ended, or not come so far.', 'step');
  elsif known.body ->> 'decision' <> decision then
    perform runboard_internal.refuse(409, 'already_decided',
      format('%s has already been %s by %s.', step, case known.body ->> 'decision' when 'approve' then 'approved' else 'rejected' end, coalesce(known.body ->> 'by', 'the end of its time')),
      'A decision stands; start the run again to decide anew.', 'decision');
  end if;
  return jsonb_build_object('run_id', approve_step.run_id, 'step', step, 'decision', decision, 'by', known.body -> 'by', 'decided_at', known.body -> 'decided_at', 'status', run_status);
end
$$;
comment on function public.approve_step(text, text, text, text) is 'Approves or rejects the step a run waits at: {run_id, step, decision, by, decided_at, status}.';
revoke execute on function public.approve_step(text, text, text, text) from public;
grant execute on function public.approve_step(text, text, text, text) to authenticated, service_role;
