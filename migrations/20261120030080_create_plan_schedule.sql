-- A server has read the cron of an enabled schedule without a next time. Who changed the schedule meanwhile
-- changed its version too, and then this does nothing.
create function public.plan_schedule(schedule_id uuid, version bigint, next_at timestamptz, problem text default null) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform runboard_internal.require('admin');
  update public.schedules as s
  set next_at = plan_schedule.next_at, problem = plan_schedule.problem
  where s.schedule_id = plan_schedule.schedule_id and s.version = plan_schedule.version and s.enabled and s.next_at is null;
  return found;
end
$$;
comment on function public.plan_schedule(uuid, bigint, timestamptz, text) is 'Notes when a schedule is due, or why that cannot be worked out.';
revoke execute on function public.plan_schedule(uuid, bigint, timestamptz, text) from public;
grant execute on function public.plan_schedule(uuid, bigint, timestamptz, text) to service_role;
