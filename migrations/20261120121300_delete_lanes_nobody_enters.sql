-- The ledger names the lane of every run it keeps, so only a lane that nothing names can go. Runs that are
-- being enqueued hold the lane's lock, shared: they are waited for, and those that come later find it gone.
create or replace function public.delete_lane(name text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  used text;
begin
  perform pg_advisory_xact_lock(hashtextextended('rank ' || delete_lane.name, 3));
  perform from public.lanes as l where l.name = delete_lane.name for update;
  if not found then
    perform runboard_internal.refuse(404, 'unknown_lane', format('There is no lane %s.', delete_lane.name), 'GET /api/lanes lists them.', 'name');
  end if;
  used := case
    when runboard_internal.lane_has_runs(delete_lane.name) then 'runs'
    when exists (select from public.run_templates as t where t.lane = delete_lane.name) then 'templates'
  end;
  if used is not null then
    perform runboard_internal.refuse(409, 'lane_in_use', format('The lane %s still has %s.', delete_lane.name, used), 'Pause it instead; its history names it.', 'name');
  end if;
  begin
    delete from public.lanes as l where l.name = delete_lane.name;
  exception when foreign_key_violation then
    perform runboard_internal.refuse(409, 'lane_in_use', format('Something still names the lane %s.', delete_lane.name), 'Pause it instead.', 'name');
  end;
  perform runboard_internal.audit(who, 'delete_lane', 'lane', delete_lane.name);
  perform runboard_internal.hint('lane', jsonb_build_object('lanes', jsonb_build_array(delete_lane.name)));
end
$$;
