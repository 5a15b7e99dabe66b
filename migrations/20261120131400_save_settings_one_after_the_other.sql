-- Edits of the clockwork: all or none, inside their bounds, with a trace in the audit log.
create or replace function public.save_settings(changes jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  change record;
  known record;
  before jsonb := '{}';
begin
  if jsonb_typeof(changes) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid', 'Settings are changed by a JSON object.', 'Send {"heartbeat": 5000}.');
  end if;
  -- Numbers that must fit each other are changed by one at a time: each alone would fit what it read.
  perform from runboard_internal.settings as s order by s.key for update;
  for change in select e.key, e.value from jsonb_each(changes) as e order by e.key loop
    select s.key, s.value, s.unit, s.lowest, s.highest into known from runboard_internal.settings as s where s.key = change.key;
    if known.key is null then
      perform runboard_internal.refuse(422, 'unknown_setting', format('There is no setting %s.', change.key), 'GET /api/settings lists them.', change.key);
    end if;
    if jsonb_typeof(change.value) <> 'number' or (change.value #>> '{}')::numeric % 1 <> 0
       or (change.value #>> '{}')::numeric not between known.lowest and known.highest then
      perform runboard_internal.refuse(422, 'invalid', format('%s is a whole number from %s to %s (%s).', change.key, known.lowest, known.highest, known.unit), null, change.key);
    end if;
    before := before || jsonb_build_object(change.key, known.value);
    update runboard_internal.settings as s set value = (change.value #>> '{}')::numeric::integer where s.key = change.key;
  end loop;
  -- A lease that ends before its next heartbeat would lose every run.
  if runboard_internal.setting('heartbeat') >= runboard_internal.setting('lease') then
    perform runboard_internal.refuse(422, 'invalid', 'A lease must be longer than the time between two heartbeats.', 'Four heartbeats per lease are usual.', 'lease');
  end if;
  perform runboard_internal.audit(who, 'save_settings', 'settings', 'clockwork', jsonb_build_object('before', before, 'after', changes));
end
$$;
