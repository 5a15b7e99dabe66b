-- A schedule starts as the system. So who saves one is asked what who starts its action would be asked,
-- also by SQL.
create function runboard_internal.guard_schedule_action() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform runboard_internal.require_action(runboard_internal.caller(), new.action);
  return new;
end
$$;
comment on function runboard_internal.guard_schedule_action() is 'Refuses a schedule of an action that its author may not start.';
revoke execute on function runboard_internal.guard_schedule_action() from public;
create trigger schedules_guard_action
before insert or update of action on public.schedules
for each row when (new.action is not null)
execute function runboard_internal.guard_schedule_action();
