-- The message a webhook gets. `text` is what Slack and its like show; programs read the rest.
create function runboard_internal.alert_body(event text, alert public.alerts) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'event', event,
    'text', case event when 'resolved' then 'Over: ' else case alert.severity when 'critical' then 'Critical: ' when 'warning' then 'Warning: ' else '' end end
      || alert.message || case when event = 'opened' and alert.hint is not null then ' ' || alert.hint else '' end,
    'alert', jsonb_build_object('alert_id', alert.alert_id, 'kind', alert.kind, 'key', alert.key, 'severity', alert.severity,
      'message', alert.message, 'hint', alert.hint, 'lane', alert.lane, 'run_id', alert.run_id, 'data', alert.data,
      'opened_at', alert.opened_at, 'resolved_at', alert.resolved_at))
$$;
comment on function runboard_internal.alert_body(text, public.alerts) is 'What a webhook is told of an alert.';
revoke execute on function runboard_internal.alert_body(text, public.alerts) from public;
