-- A paused schedule has no next time: what it misses meanwhile is not caught up.
create function public.pause_schedule(schedule_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  was_on boolean;
begin
  select s.enabled into was_on from public.schedules as s where s.schedule_id = pause_schedule.schedule_id for update;
  if was_on is null then
    perform runboard_internal.refuse(404, 'unknown_schedule', 'There is no such schedule.', null, 'schedule_id');
  elsif was_on then
    update public.schedules as s
    set enabled = false, next_at = null, problem = null, version = s.version + 1, updated_by = who ->> 'actor', updated_at = runboard_internal.clock()
    where s.schedule_id = pause_schedule.schedule_id;
    perform runboard_internal.audit(who, 'pause_schedule', 'schedule', pause_schedule.schedule_id::text);
  end if;
end
$$;
comment on function public.pause_schedule(uuid) is 'Lets a schedule start nothing until it is resumed.';
revoke execute on function public.pause_schedule(uuid) from public;
grant execute on function public.pause_schedule(uuid) to authenticated, service_role;
