-- The end of a pause; workers are told to look at once.
create function public.resume_lane(name text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  moment timestamptz := runboard_internal.clock();
  lane record;
begin
  select l.name, l.paused_at into lane from public.lanes as l where l.name = resume_lane.name for no key update;
  if lane.name is null then
    perform runboard_internal.refuse(404, 'unknown_lane', format('There is no lane %s.', resume_lane.name), null, 'name');
  end if;
  if lane.paused_at is not null then
    update public.lanes as l
    set paused_at = null, paused_by = null, pause_reason = null, version = l.version + 1, updated_at = moment
    where l.name = resume_lane.name;
    perform runboard_internal.audit(who, 'resume_lane', 'lane', resume_lane.name);
    perform runboard_internal.hint('lane', jsonb_build_object('lanes', jsonb_build_array(resume_lane.name)));
  end if;
  return jsonb_build_object('name', resume_lane.name, 'paused_at', null);
end
$$;
comment on function public.resume_lane(text) is 'Lets workers claim from a lane again.';
revoke execute on function public.resume_lane(text) from public;
grant execute on function public.resume_lane(text) to authenticated, service_role;
