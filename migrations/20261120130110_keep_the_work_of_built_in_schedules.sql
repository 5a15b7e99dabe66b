-- Makes or changes a schedule. The whole of it is given each time; `version` guards against two people who
-- change it at once. A caller who can read cron gives next_at; for others a server works it out.
create or replace function public.save_schedule(spec jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  moment timestamptz := runboard_internal.clock();
  wanted constant jsonb := '{
    "schedule_id": "string", "version": "number", "name": "string", "template": "string", "action": "string", "params": "object",
    "options": "object", "scope": "any", "cron": "string", "zone": "string", "enabled": "boolean", "lane": "string", "priority": "number",
    "catch_up": "string", "daily_cap": "number", "quiet_from": "string", "quiet_to": "string", "next_at": "string"}';
  field record;
  id uuid;
  old public.schedules;
  saved public.schedules;
  lane_name text := nullif(spec ->> 'lane', 'auto');
  given_zone text := coalesce(spec ->> 'zone', 'UTC');
  is_on boolean := coalesce((spec -> 'enabled') = 'true', false);
begin
  if jsonb_typeof(spec) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_spec', 'A schedule is saved as a JSON object.', 'Send {"name": "…", "template": "…", "cron": "0 8 * * *", "zone": "UTC"}.');
  end if;
  for field in select key, value, wanted ->> key as type from jsonb_each(spec) loop
    if field.type is null then
      perform runboard_internal.refuse(422, 'unknown_field', format('There is no field %s in a schedule.', field.key), 'Remove it or correct its spelling.', field.key);
    elsif field.type <> 'any' and jsonb_typeof(field.value) not in (field.type, 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be of type %s.', field.key, field.type), null, field.key);
    elsif field.type = 'number' and field.value <> 'null' and ((field.value #>> '{}')::numeric % 1 <> 0 or abs((field.value #>> '{}')::numeric) > 2147483647) then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be a whole number.', field.key), null, field.key);
    end if;
  end loop;

  if length(trim(coalesce(spec ->> 'name', ''))) not between 1 and 120 then
    perform runboard_internal.refuse(422, 'invalid_field', 'A schedule needs a name of at most 120 characters.', null, 'name');
  elsif (spec ->> 'template' is null) = (spec ->> 'action' is null) then
    perform runboard_internal.refuse(422, 'missing_field', 'A schedule starts either a template or an action.', 'Name one of them.', 'template');
  elsif length(trim(coalesce(spec ->> 'cron', ''))) not between 1 and 120 then
    perform runboard_internal.refuse(422, 'invalid_cron', 'A schedule needs a cron of five fields.', 'Write it like 0 8 * * 1-5.', 'cron');
  elsif coalesce(spec ->> 'catch_up', 'none') not in ('none', 'one', 'all') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field catch_up is none, one or all.', null, 'catch_up');
  elsif (spec ->> 'daily_cap')::integer <= 0 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The daily cap must be at least 1.', 'Leave it out to have none.', 'daily_cap');
  elsif (spec ->> 'priority')::integer not between 0 and 1000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The priority must be between 0 (first) and 1000 (last).', null, 'priority');
  elsif (spec ->> 'quiet_from' is null) <> (spec ->> 'quiet_to' is null) then
    perform runboard_internal.refuse(422, 'invalid_field', 'Quiet hours have a beginning and an end.', 'Give both or neither.',
      case when spec ->> 'quiet_from' is null then 'quiet_from' else 'quiet_to' end);
  elsif spec ->> 'template' is not null and not exists (select from public.run_templates as t where t.slug = spec ->> 'template' and t.archived_at is null) then
    perform runboard_internal.refuse(422, 'unknown_template', format('There is no template %s.', spec ->> 'template'), 'The page Templates lists what can be run.', 'template');
  elsif spec ->> 'action' !~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$' then
    perform runboard_internal.refuse(422, 'invalid_field', format('No action can be called %s.', spec ->> 'action'), null, 'action');
  elsif lane_name is not null and not exists (select from public.lanes as l where l.name = lane_name) then
    perform runboard_internal.refuse(422, 'unknown_lane', format('There is no lane %s.', lane_name), 'Leave it out to use the lane of the template.', 'lane');
  end if;
  begin
    perform moment at time zone given_zone;
  exception when invalid_parameter_value then
    perform runboard_internal.refuse(422, 'unknown_zone', format('There is no time zone %s.', given_zone), 'Use an IANA name such as Europe/Paris.', 'zone');
  end;
  begin
    perform (spec ->> 'quiet_from')::time, (spec ->> 'quiet_to')::time;
  exception when data_exception then
    perform runboard_internal.refuse(422, 'invalid_field', 'Quiet hours are times of day.', 'Write them like 22:00.', 'quiet_from');
  end;
  perform runboard_internal.check_time(spec ->> 'next_at', 'next_at');

  if spec ->> 'schedule_id' is not null then
    begin
      id := (spec ->> 'schedule_id')::uuid;
    exception when data_exception then
      perform runboard_internal.refuse(422, 'invalid_field', 'The field schedule_id is not an id.', null, 'schedule_id');
    end;
    select * into old from public.schedules as s where s.schedule_id = id for update;
    if old.schedule_id is null then
      perform runboard_internal.refuse(404, 'unknown_schedule', 'There is no such schedule.', null, 'schedule_id');
    elsif old.version <> coalesce((spec ->> 'version')::bigint, old.version) then
      perform runboard_internal.refuse(409, 'changed_meanwhile', format('%s changed this schedule meanwhile.', old.updated_by), 'Read it again and repeat your change.');
    end if;
    perform runboard_internal.require_built_in(old, who);
    if old.built_in and (spec ->> 'action' is distinct from old.action or spec ->> 'template' is distinct from old.template_slug) then
      perform runboard_internal.refuse(409, 'built_in', format('The schedule %s belongs to Runboard, and so does what it starts.', old.name),
        'Make another schedule for other work.', 'action');
    end if;
  end if;
  begin
    if id is null then
      insert into public.schedules (name, template_slug, action, params, options, scope, cron, zone, enabled, lane, priority, catch_up,
        daily_cap, quiet_from, quiet_to, next_at, created_by, updated_by, created_at, updated_at)
      values (trim(spec ->> 'name'), spec ->> 'template', spec ->> 'action', coalesce(nullif(spec -> 'params', 'null'), '{}'),
        coalesce(nullif(spec -> 'options', 'null'), '{}'), nullif(spec -> 'scope', 'null'), trim(spec ->> 'cron'), given_zone, is_on, lane_name,
        (spec ->> 'priority')::integer, coalesce(spec ->> 'catch_up', 'none'), (spec ->> 'daily_cap')::integer, (spec ->> 'quiet_from')::time,
        (spec ->> 'quiet_to')::time, case when is_on then (spec ->> 'next_at')::timestamptz end, who ->> 'actor', who ->> 'actor', moment, moment)
      returning * into saved;
    else
      update public.schedules as s
      set name = trim(spec ->> 'name'), template_slug = spec ->> 'template', action = spec ->> 'action',
        params = coalesce(nullif(spec -> 'params', 'null'), '{}'), options = coalesce(nullif(spec -> 'options', 'null'), '{}'),
        scope = nullif(spec -> 'scope', 'null'), cron = trim(spec ->> 'cron'), zone = given_zone, enabled = is_on, lane = lane_name,
        priority = (spec ->> 'priority')::integer, catch_up = coalesce(spec ->> 'catch_up', 'none'),
        daily_cap = (spec ->> 'daily_cap')::integer, quiet_from = (spec ->> 'quiet_from')::time, quiet_to = (spec ->> 'quiet_to')::time,
        -- A time that is due already stays due: a change of the name must not lose it.
        next_at = case
          when not is_on then null
          when s.enabled and s.cron = trim(spec ->> 'cron') and s.zone = given_zone then s.next_at
          else (spec ->> 'next_at')::timestamptz end,
        problem = null, version = s.version + 1, updated_by = who ->> 'actor', updated_at = moment
      where s.schedule_id = id
      returning * into saved;
    end if;
  exception when unique_violation then
    perform runboard_internal.refuse(409, 'name_taken', format('There is a schedule called %s already.', trim(spec ->> 'name')), 'Choose another name.', 'name');
  end;
  perform runboard_internal.audit(who, case when id is null then 'create_schedule' else 'save_schedule' end, 'schedule', saved.schedule_id::text,
    jsonb_strip_nulls(jsonb_build_object('name', saved.name, 'cron', saved.cron, 'zone', saved.zone, 'enabled', saved.enabled,
      'template', saved.template_slug, 'action', saved.action)));
  return jsonb_build_object('schedule_id', saved.schedule_id, 'version', saved.version, 'next_at', saved.next_at);
end
$$;
