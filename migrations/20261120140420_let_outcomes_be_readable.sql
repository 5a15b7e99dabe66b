-- What comes from outside to end a wait has the right form, and no depth that readers cannot follow.
create or replace function runboard_internal.check_outcome(outcome jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  stray text;
begin
  if jsonb_typeof(outcome) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_outcome', 'An outcome is a JSON object.', 'Send {"status": "success", "output": {…}}.', 'outcome');
  end if;
  select o.key into stray from jsonb_object_keys(outcome) as o(key) where o.key not in ('status', 'output', 'error') limit 1;
  if stray is not null then
    perform runboard_internal.refuse(422, 'unknown_field', format('An outcome has no field %s.', stray), 'It has status, output and error.', 'outcome.' || stray);
  elsif coalesce(outcome ->> 'status', 'success') not in ('success', 'failed') then
    perform runboard_internal.refuse(422, 'invalid_field', 'An outcome is a success or failed.', null, 'outcome.status');
  elsif jsonb_typeof(outcome -> 'error') not in ('object', 'null') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The error of an outcome is an object.', 'Send {"code": "…", "message": "…", "hint": "…"}.', 'outcome.error');
  elsif outcome -> 'error' ->> 'code' !~ '^[a-z][a-z0-9_]{0,62}$' then
    perform runboard_internal.refuse(422, 'invalid_field', 'A code has only a-z, 0-9 and _ and begins with a letter.', null, 'outcome.error.code');
  elsif octet_length(outcome::text) > 1048576 then
    perform runboard_internal.refuse(422, 'too_large', 'An outcome has at most 1 MiB.', 'Leave large things in an artifact or an object store.', 'outcome');
  end if;
  perform runboard_internal.check_readable(outcome, 'outcome');
end
$$;
