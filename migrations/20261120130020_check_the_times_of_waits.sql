-- A wait is written by a worker, from what a template or a step said.
create or replace function runboard_internal.check_wait(wait jsonb) returns void
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
  perform runboard_internal.check_time(wait ->> 'due_at', 'wait.due_at');
end
$$;
