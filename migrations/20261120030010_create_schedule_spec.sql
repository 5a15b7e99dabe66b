-- A run of a schedule says so in requested_by, so that lists, audits and handlers know where it came from.
create function runboard_internal.schedule_spec(schedule public.schedules) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
      'template', schedule.template_slug, 'action', schedule.action, 'lane', schedule.lane, 'priority', schedule.priority,
      'title', case when schedule.action is not null then schedule.name end))
    || jsonb_build_object('params', schedule.params, 'options', schedule.options, 'scope', schedule.scope,
      'requested_by', jsonb_build_object('schedule', schedule.schedule_id, 'schedule_name', schedule.name))
$$;
comment on function runboard_internal.schedule_spec(public.schedules) is 'The spec of the run that a schedule starts.';
revoke execute on function runboard_internal.schedule_spec(public.schedules) from public;
