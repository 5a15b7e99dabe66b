-- Compares what is wrong with what was wrong: opens, keeps, resolves, and puts a message for each change
-- into the outbox of each channel that wants it. Any number of servers may call; one looks at a time, and
-- the unique index on open alerts stands behind the lock.
create function public.evaluate_alerts() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  found_now jsonb;
  opened bigint[];
  resolved bigint[];
  one public.alerts;
  happened text;
begin
  perform runboard_internal.require('admin');
  if not pg_try_advisory_xact_lock(hashtextextended('runboard.evaluate_alerts', 0)) then
    return jsonb_build_object('opened', 0, 'resolved', 0, 'skipped', true);
  end if;
  select coalesce(jsonb_agg(to_jsonb(f)), '[]') into found_now from runboard_internal.alert_findings(moment) as f;

  -- A run that fails again while the alert is open changes its words, and sends no second message.
  update public.alerts as a
  set last_seen_at = moment, message = f.message, data = f.data, run_id = f.run_id, severity = f.severity
  from jsonb_to_recordset(found_now) as f(kind text, key text, severity text, message text, data jsonb, run_id text)
  where a.kind = f.kind and a.key = f.key and a.resolved_at is null;

  with ended as (
    update public.alerts as a
    set resolved_at = moment
    where a.resolved_at is null
      and not exists (select from jsonb_to_recordset(found_now) as f(kind text, key text) where f.kind = a.kind and f.key = a.key)
    returning a.alert_id
  )
  select array_agg(e.alert_id) into resolved from ended as e;

  with fresh as (
    insert into public.alerts (kind, key, severity, message, hint, data, lane, run_id, opened_at, last_seen_at)
    select f.kind, f.key, f.severity, f.message, f.hint, f.data, f.lane, f.run_id, moment, moment
    from jsonb_to_recordset(found_now) as f(kind text, key text, severity text, message text, hint text, data jsonb, lane text, run_id text)
    on conflict (kind, key) where resolved_at is null do nothing
    returning alert_id
  )
  select array_agg(f.alert_id) into opened from fresh as f;

  for one in select a.* from public.alerts as a where a.alert_id = any (coalesce(opened, '{}') || coalesce(resolved, '{}')) order by a.alert_id loop
    happened := case when one.resolved_at is null then 'opened' else 'resolved' end;
    insert into public.alert_deliveries (channel_id, alert_id, event, body, created_at, next_try_at)
    select c.channel_id, one.alert_id, happened, runboard_internal.alert_body(happened, one), moment, moment
    from public.alert_channels as c
    where c.enabled and (c.kinds is null or one.kind = any (c.kinds))
      and array_position(array['info', 'warning', 'critical'], one.severity) >= array_position(array['info', 'warning', 'critical'], c.min_severity);
    -- The story of the run says that people were told.
    if one.run_id is not null and happened = 'opened' and exists (select from public.runs as r where r.run_id = one.run_id) then
      perform runboard_internal.record_event(one.run_id, moment, 'alert', one.message, jsonb_build_object('alert_id', one.alert_id, 'kind', one.kind));
    end if;
  end loop;
  return jsonb_build_object('opened', coalesce(array_length(opened, 1), 0), 'resolved', coalesce(array_length(resolved, 1), 0), 'skipped', false);
end
$$;
comment on function public.evaluate_alerts() is 'Opens and resolves alerts as things are now: {opened, resolved, skipped}.';
revoke execute on function public.evaluate_alerts() from public;
grant execute on function public.evaluate_alerts() to service_role;
