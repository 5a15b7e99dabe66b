-- Checks the form of a spec before anything is looked up: unknown and mistyped fields are the usual
-- mistakes, and silence about them would run the wrong thing.
create or replace function runboard_internal.check_spec(spec jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  wanted constant jsonb := '{
    "template": "string", "template_version": "number", "action": "string", "title": "string", "params": "object", "scope": "any",
    "options": "object", "sheet_context": "object", "lane": "string", "priority": "number", "run_after": "string", "env": "string",
    "concurrency_key": "string", "max_attempts": "number", "timeout_seconds": "number", "session_id": "string",
    "requested_by": "object", "parent_run_id": "string", "idempotency_key": "string", "idempotency_mode": "string", "coalesce": "boolean"}';
  field record;
begin
  if jsonb_typeof(spec) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_spec', 'A run is asked for with a JSON object.', 'Send {"template": "…", "params": {…}}.');
  end if;
  for field in select key, value, wanted ->> key as type from jsonb_each(spec) loop
    if field.type is null then
      perform runboard_internal.refuse(422, 'unknown_field', format('There is no field %s in a run.', field.key), 'Remove it or correct its spelling.', field.key);
    elsif field.type <> 'any' and jsonb_typeof(field.value) not in (field.type, 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be of type %s.', field.key, field.type), null, field.key);
    elsif field.type = 'number' and field.value <> 'null' and ((field.value #>> '{}')::numeric % 1 <> 0 or abs((field.value #>> '{}')::numeric) > 2147483647) then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be a whole number.', field.key), null, field.key);
    elsif field.type = 'string' and field.value <> 'null' and length(field.value #>> '{}') > 512 then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s is longer than 512 characters.', field.key), null, field.key);
    end if;
    perform runboard_internal.check_readable(field.value, field.key);
  end loop;
  if spec ->> 'template' is null and spec ->> 'action' is null then
    perform runboard_internal.refuse(422, 'missing_field', 'A run needs a template or an action.', 'Name the template to run.', 'template');
  elsif spec ->> 'action' !~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$' then
    perform runboard_internal.refuse(422, 'invalid_field', format('No action can be called %s.', spec ->> 'action'), null, 'action');
  elsif (spec ->> 'priority')::integer not between 0 and 1000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The priority must be between 0 (first) and 1000 (last).', null, 'priority');
  elsif (spec ->> 'max_attempts')::integer not between 1 and 1000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field max_attempts must be between 1 and 1000.', null, 'max_attempts');
  elsif (spec ->> 'timeout_seconds')::integer not between 1 and 31536000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field timeout_seconds must be between 1 and a year.', null, 'timeout_seconds');
  elsif spec ->> 'concurrency_key' = '' then
    perform runboard_internal.refuse(422, 'invalid_field', 'A concurrency key has at least one character.', 'Leave it out to have none.', 'concurrency_key');
  elsif spec ->> 'idempotency_mode' not in ('return', 'reject', 'replace') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The idempotency mode is return, reject or replace.', null, 'idempotency_mode');
  end if;
  perform runboard_internal.check_time(spec ->> 'run_after', 'run_after');
end
$$;
