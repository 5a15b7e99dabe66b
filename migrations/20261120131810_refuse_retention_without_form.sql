-- Saves the days of the kinds that are named, and turns the daily schedule on or off with them.
create or replace function public.save_retention(days jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  moment timestamptz := runboard_internal.clock();
  field record;
  kept record;
  is_on boolean;
begin
  if jsonb_typeof(days) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid', 'Days are given as a JSON object.', 'Send {"logs": 30, "events": 30, "runs": 90}.');
  end if;
  for field in select key, value from jsonb_each(days) loop
    if not exists (select from public.retention as r where r.kind = field.key) then
      perform runboard_internal.refuse(422, 'unknown_field', format('There is no history called %s.', field.key), 'There are logs, events, runs, bulk and alerts.', field.key);
    elsif jsonb_typeof(field.value) not in ('number', 'null') or (field.value <> 'null' and ((field.value #>> '{}')::numeric % 1 <> 0
      or (field.value #>> '{}')::numeric not between 1 and 36500)) then
      perform runboard_internal.refuse(422, 'invalid_field', 'Days are a whole number between 1 and 36500, or null to keep for ever.', null, field.key);
    end if;
    update public.retention as r
    set days = (field.value #>> '{}')::integer, updated_by = who ->> 'actor', updated_at = moment
    where r.kind = field.key;
  end loop;
  -- The parts of a run do not outlive it: nobody would find them again.
  select max(r.days) filter (where r.kind = 'runs') as runs, max(r.days) filter (where r.kind = 'logs') as logs, max(r.days) filter (where r.kind = 'events') as events
  into kept from public.retention as r;
  if kept.runs is not null and (kept.logs is null or kept.logs > kept.runs) then
    perform runboard_internal.refuse(422, 'invalid_field', 'Logs cannot be kept longer than their runs.', format('Keep logs for at most %s days.', kept.runs), 'logs');
  elsif kept.runs is not null and (kept.events is null or kept.events > kept.runs) then
    perform runboard_internal.refuse(422, 'invalid_field', 'Events cannot be kept longer than their runs.', format('Keep events for at most %s days.', kept.runs), 'events');
  end if;
  is_on := exists (select from public.retention as r where r.days is not null);
  update public.schedules as s
  set enabled = is_on, next_at = null, problem = null, version = s.version + 1, updated_by = who ->> 'actor', updated_at = moment
  where s.built_in and s.action = 'retention.apply' and s.enabled <> is_on;
  perform runboard_internal.audit(who, 'save_retention', 'retention', 'all', days);
end
$$;
