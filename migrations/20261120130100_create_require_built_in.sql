-- What comes with Runboard keeps an installation tidy for everybody: only who administers it turns that off.
create function runboard_internal.require_built_in(schedule public.schedules, who jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if schedule.built_in and runboard_internal.role_rank(who ->> 'role') < runboard_internal.role_rank('admin') then
    perform runboard_internal.refuse(403, 'forbidden', format('The schedule %s belongs to Runboard; changing it needs the role admin.', schedule.name),
      'Ask an administrator.');
  end if;
end
$$;
comment on function runboard_internal.require_built_in(public.schedules, jsonb) is 'Refuses callers that may not steer a schedule that comes with Runboard.';
revoke execute on function runboard_internal.require_built_in(public.schedules, jsonb) from public;
