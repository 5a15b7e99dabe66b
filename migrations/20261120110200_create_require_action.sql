-- Only people are asked: the system itself may enqueue an action that no server has named yet.
create function runboard_internal.require_action(who jsonb, action text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  needed text;
begin
  if action is null or not (who ->> 'person')::boolean then
    return;
  end if;
  select a.role into needed from runboard_internal.actions as a where a.name = require_action.action;
  if needed is null then
    perform runboard_internal.refuse(422, 'unknown_action', format('There is no action %s.', action),
      'GET /api/actions lists them.', 'action');
  elsif runboard_internal.role_rank(who ->> 'role') < runboard_internal.role_rank(needed) then
    perform runboard_internal.refuse(403, 'forbidden', format('Starting %s needs the role %s.', action, needed),
      'Ask an administrator for the role.');
  end if;
end
$$;
comment on function runboard_internal.require_action(jsonb, text) is 'Refuses a person who may not start this action, or names one that does not exist.';
revoke execute on function runboard_internal.require_action(jsonb, text) from public;
