-- A paused schedule has no next time: what it misses meanwhile is not caught up.
create or replace function public.pause_schedule(schedule_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  known public.schedules;
begin
  select * into known from public.schedules as s where s.schedule_id = pause_schedule.schedule_id for update;
  if known.schedule_id is null then
    perform runboard_internal.refuse(404, 'unknown_schedule', 'There is no such schedule.', null, 'schedule_id');
  end if;
  perform runboard_internal.require_built_in(known, who);
  if known.enabled then
    update public.schedules as s
    set enabled = false, next_at = null, problem = null, version = s.version + 1, updated_by = who ->> 'actor', updated_at = runboard_internal.clock()
    where s.schedule_id = pause_schedule.schedule_id;
    perform runboard_internal.audit(who, 'pause_schedule', 'schedule', pause_schedule.schedule_id::text);
  end if;
end
$$;
