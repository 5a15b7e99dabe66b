-- Runs it has started stay and go on; only the times to come are gone.
create function public.delete_schedule(schedule_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  old record;
begin
  select s.name, s.built_in into old from public.schedules as s where s.schedule_id = delete_schedule.schedule_id for update;
  if old.name is null then
    perform runboard_internal.refuse(404, 'unknown_schedule', 'There is no such schedule.', null, 'schedule_id');
  elsif old.built_in then
    perform runboard_internal.refuse(409, 'built_in', format('The schedule %s belongs to Runboard.', old.name), 'Pause it instead.');
  end if;
  delete from public.schedules as s where s.schedule_id = delete_schedule.schedule_id;
  perform runboard_internal.audit(who, 'delete_schedule', 'schedule', delete_schedule.schedule_id::text, jsonb_build_object('name', old.name));
end
$$;
comment on function public.delete_schedule(uuid) is 'Forgets a schedule and what became of its times.';
revoke execute on function public.delete_schedule(uuid) from public;
grant execute on function public.delete_schedule(uuid) to authenticated, service_role;
