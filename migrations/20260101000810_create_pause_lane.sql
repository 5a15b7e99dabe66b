-- A pause is a column, so it survives restarts. Claimers take the lane's row before they look at it:
-- once the pause is committed, no later claim gives a run of this lane. Running runs go on.
create function public.pause_lane(name text, reason text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  moment timestamptz := runboard_internal.clock();
  lane record;
begin
  select l.name, l.paused_at into lane from public.lanes as l where l.name = pause_lane.name for no key update;
  if lane.name is null then
    perform runboard_internal.refuse(404, 'unknown_lane', format('There is no lane %s.', pause_lane.name), null, 'name');
  end if;
  if lane.paused_at is null then
    update public.lanes as l
    set paused_at = moment, paused_by = who ->> 'actor', pause_reason = nullif(trim(left(reason, 500)), ''), version = l.version + 1, updated_at = moment
    where l.name = pause_lane.name;
    perform runboard_internal.audit(who, 'pause_lane', 'lane', pause_lane.name, jsonb_strip_nulls(jsonb_build_object('reason', reason)));
    perform runboard_internal.hint('lane', jsonb_build_object('lanes', jsonb_build_array(pause_lane.name)));
    lane.paused_at := moment;
  end if;
  return jsonb_build_object('name', pause_lane.name, 'paused_at', lane.paused_at);
end
$$;
comment on function public.pause_lane(text, text) is 'Stops claims from a lane until it is resumed.';
revoke execute on function public.pause_lane(text, text) from public;
grant execute on function public.pause_lane(text, text) to authenticated, service_role;
