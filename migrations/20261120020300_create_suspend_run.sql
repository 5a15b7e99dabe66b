-- A step that has to wait gives the slot back: the attempt ends, the try does not count, and the run holds
-- nothing but its concurrency key until the wait is over. A resend meets the end of the attempt and answers
-- as the first time.
create function public.suspend_run(run_id text, lease_seq bigint, wait jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  ended record;
begin
  perform runboard_internal.require('worker');
  perform runboard_internal.check_wait(wait);
  perform from runboard_internal.run_leases as l where l.run_id = suspend_run.run_id and l.lease_seq = suspend_run.lease_seq for update;
  select e.outcome, e.lane into ended
  from runboard_internal.end_attempts(jsonb_build_array(
    jsonb_build_object('run_id', suspend_run.run_id, 'lease_seq', suspend_run.lease_seq, 'how', 'suspended', 'wait', wait))) as e;
  if ended.outcome is null then
    return case when exists (
      select from public.run_attempts as a
      where a.run_id = suspend_run.run_id and a.lease_seq = suspend_run.lease_seq and a.outcome = 'suspended') then 'ok' else 'lost' end;
  end if;
  -- The slot and the lane have room again, and the board shows a run that waits.
  perform runboard_internal.hint('enqueued', jsonb_build_object('lanes', jsonb_build_array(ended.lane), 'runs', jsonb_build_array(suspend_run.run_id)));
  perform runboard_internal.end_wait_if_over(suspend_run.run_id);
  return 'ok';
end
$$;
comment on function public.suspend_run(text, bigint, jsonb) is 'Lets a held run wait: {step, kind, role?, message?, due_at? | timeout_seconds?, on_timeout?, data?}; answers ok or lost.';
revoke execute on function public.suspend_run(text, bigint, jsonb) from public;
grant execute on function public.suspend_run(text, bigint, jsonb) to service_role, runboard_worker;

create function runboard_internal.check_wait(wait jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  wanted constant jsonb := '{"step": "string", "kind": "string", "role": "string", "message": "string", "due_at": "string", "timeout_seconds": "number", "on_timeout": "string", "data": "object"}';
  field record;
begin
  if jsonb_typeof(wait) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_wait', 'A wait is a JSON object.', 'Send {"step": "…", "kind": "approval", "role": "operator"}.', 'wait');
  end if;
  for field in select key, value, wanted ->> key as type from jsonb_each(wait) loop
    if field.type is null then
      perform runboard_internal.refuse(422, 'unknown_field', format('There is no field %s in a wait.', field.key), null, 'wait.' || field.key);
    elsif jsonb_typeof(field.value) not in (field.type, 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s of a wait must be of type %s.', field.key, field.type), null, 'wait.' || field.key);
    end if;
  end loop;
  if wait ->> 'step' is null then
    perform runboard_internal.refuse(422, 'missing_field', 'A wait names the step that waits.', null, 'wait.step');
  elsif coalesce(wait ->> 'kind', '') not in ('approval', 'callback', 'timer', 'run') then
    perform runboard_internal.refuse(422, 'invalid_field', 'A wait is of kind approval, callback, timer or run.', null, 'wait.kind');
  elsif wait ->> 'role' not in ('viewer', 'planner', 'operator', 'admin') or (wait ->> 'kind' = 'approval' and wait ->> 'role' is null) then
    perform runboard_internal.refuse(422, 'invalid_field', 'An approval names a role: viewer, planner, operator or admin.', null, 'wait.role');
  elsif wait ->> 'kind' = 'run' and wait -> 'data' ->> 'run_id' is null then
    perform runboard_internal.refuse(422, 'missing_field', 'A wait for a run names it.', null, 'wait.data.run_id');
  elsif wait ->> 'on_timeout' not in ('approve', 'reject', 'fail') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The end of the time means approve, reject or fail.', null, 'wait.on_timeout');
  elsif (wait ->> 'timeout_seconds')::numeric not between 0 and 31536000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'A wait has at most a year.', null, 'wait.timeout_seconds');
  elsif wait ->> 'kind' = 'timer' and coalesce(wait ->> 'due_at', wait ->> 'timeout_seconds') is null then
    perform runboard_internal.refuse(422, 'missing_field', 'A timer says when it is over.', null, 'wait.due_at');
  end if;
  begin
    perform (wait ->> 'due_at')::timestamptz;
  exception when data_exception then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field due_at is not a time.', 'Write it like 2026-01-31T08:00:00Z.', 'wait.due_at');
  end;
end
$$;
comment on function runboard_internal.check_wait(jsonb) is 'Refuses a wait that has not the right form.';
revoke execute on function runboard_internal.check_wait(jsonb) from public;
