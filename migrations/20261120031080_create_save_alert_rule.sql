-- Rules are given; what a person may change is whether they speak, how loud, and when.
create function public.save_alert_rule(kind text, changes jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  stray text;
begin
  select c.key into stray from jsonb_object_keys(changes) as c(key) where c.key not in ('enabled', 'severity', 'threshold', 'window_seconds') limit 1;
  if stray is not null then
    perform runboard_internal.refuse(422, 'unknown_field', format('A rule has no field %s that can be changed.', stray), null, stray);
  elsif changes ->> 'severity' not in ('info', 'warning', 'critical') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The severity is info, warning or critical.', null, 'severity');
  elsif (changes ->> 'threshold')::integer <= 0 or (save_alert_rule.kind = 'failure_rate' and (changes ->> 'threshold')::integer > 100) then
    perform runboard_internal.refuse(422, 'invalid_field', 'The threshold must be at least 1, and a share at most 100.', null, 'threshold');
  elsif (changes ->> 'window_seconds')::integer not between 1 and 604800 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The window is between a second and a week.', null, 'window_seconds');
  end if;
  update public.alert_rules as r
  set enabled = coalesce((changes ->> 'enabled')::boolean, r.enabled), severity = coalesce(changes ->> 'severity', r.severity),
    threshold = coalesce((changes ->> 'threshold')::integer, r.threshold),
    window_seconds = coalesce((changes ->> 'window_seconds')::integer, r.window_seconds),
    updated_by = who ->> 'actor', updated_at = runboard_internal.clock()
  where r.kind = save_alert_rule.kind;
  if not found then
    perform runboard_internal.refuse(404, 'unknown_rule', format('There is no alert rule %s.', save_alert_rule.kind), null, 'kind');
  end if;
  perform runboard_internal.audit(who, 'save_alert_rule', 'alert_rule', save_alert_rule.kind, changes);
end
$$;
comment on function public.save_alert_rule(text, jsonb) is 'Changes when a rule opens an alert.';
revoke execute on function public.save_alert_rule(text, jsonb) from public;
grant execute on function public.save_alert_rule(text, jsonb) to authenticated, service_role;
