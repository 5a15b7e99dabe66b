-- next_at stays empty: a server works it out within a second, from the time of the resumption on.
create function public.resume_schedule(schedule_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  was_on boolean;
begin
  select s.enabled into was_on from public.schedules as s where s.schedule_id = resume_schedule.schedule_id for update;
  if was_on is null then
    perform runboard_internal.refuse(404, 'unknown_schedule', 'There is no such schedule.', null, 'schedule_id');
  elsif not was_on then
    update public.schedules as s
    set enabled = true, next_at = null, problem = null, version = s.version + 1, updated_by = who ->> 'actor', updated_at = runboard_internal.clock()
    where s.schedule_id = resume_schedule.schedule_id;
    perform runboard_internal.audit(who, 'resume_schedule', 'schedule', resume_schedule.schedule_id::text);
  end if;
end
$$;
comment on function public.resume_schedule(uuid) is 'Lets a paused schedule start runs again.';
revoke execute on function public.resume_schedule(uuid) from public;
grant execute on function public.resume_schedule(uuid) to authenticated, service_role;
