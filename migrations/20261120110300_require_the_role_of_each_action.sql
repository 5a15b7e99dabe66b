-- A planner may start actions, but not every one.
create or replace function runboard_internal.require_enqueue(specs jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  who jsonb;
begin
  if exists (select from jsonb_array_elements(specs) as s(spec) where s.spec ->> 'action' is null) then
    who := runboard_internal.require('operator');
  else
    who := runboard_internal.require('planner');
  end if;
  if (who ->> 'person')::boolean then
    perform runboard_internal.require_action(who, asked.action)
    from (select distinct s.spec ->> 'action' as action from jsonb_array_elements(specs) as s(spec)) as asked;
  end if;
  return who;
end
$$;
