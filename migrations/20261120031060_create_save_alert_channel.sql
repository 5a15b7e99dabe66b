-- The server seals the secret before it calls; only the owner of the key can open it.
create function public.save_alert_channel(spec jsonb, sealed_nonce bytea default null, sealed_secret bytea default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  moment timestamptz := runboard_internal.clock();
  id uuid := (spec ->> 'channel_id')::uuid;
  given_kinds text[] := case when jsonb_typeof(spec -> 'kinds') = 'array' then array(select jsonb_array_elements_text(spec -> 'kinds')) end;
  stray text;
  was_there boolean;
begin
  select k.kind into stray from unnest(given_kinds) as k(kind) where not exists (select from public.alert_rules as r where r.kind = k.kind) limit 1;
  if length(trim(coalesce(spec ->> 'name', ''))) not between 1 and 120 then
    perform runboard_internal.refuse(422, 'invalid_field', 'A channel needs a name of at most 120 characters.', null, 'name');
  elsif coalesce(spec ->> 'url', '') !~ '^https?://[^\s]+$' or length(spec ->> 'url') > 2000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'A channel needs the http or https address of a webhook.', null, 'url');
  elsif stray is not null then
    perform runboard_internal.refuse(422, 'invalid_field', format('There is no alert rule %s.', stray), 'GET /api/alert-rules lists them.', 'kinds');
  elsif coalesce(spec ->> 'min_severity', 'info') not in ('info', 'warning', 'critical') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The severity is info, warning or critical.', null, 'min_severity');
  end if;
  select true into was_there from public.alert_channels as c where c.channel_id = id for update;
  if was_there is null and sealed_secret is null then
    perform runboard_internal.refuse(422, 'missing_field', 'A channel needs a secret that signs its messages.', null, 'secret');
  end if;
  begin
    insert into public.alert_channels (channel_id, name, url, nonce, ciphertext, kinds, min_severity, enabled, created_by, updated_by, created_at, updated_at)
    values (coalesce(id, gen_random_uuid()), trim(spec ->> 'name'), spec ->> 'url', coalesce(sealed_nonce, ''), coalesce(sealed_secret, ''), given_kinds,
      coalesce(spec ->> 'min_severity', 'info'), coalesce((spec ->> 'enabled')::boolean, true), who ->> 'actor', who ->> 'actor', moment, moment)
    on conflict (channel_id) do update
    set name = excluded.name, url = excluded.url, kinds = excluded.kinds, min_severity = excluded.min_severity, enabled = excluded.enabled,
      nonce = coalesce(sealed_nonce, alert_channels.nonce), ciphertext = coalesce(sealed_secret, alert_channels.ciphertext),
      version = alert_channels.version + 1, updated_by = excluded.updated_by, updated_at = excluded.updated_at
    returning channel_id into id;
  exception when unique_violation then
    perform runboard_internal.refuse(409, 'name_taken', format('There is a channel called %s already.', trim(spec ->> 'name')), 'Choose another name.', 'name');
  end;
  perform runboard_internal.audit(who, case when was_there then 'save_alert_channel' else 'create_alert_channel' end, 'alert_channel', id::text,
    jsonb_build_object('name', trim(spec ->> 'name'), 'enabled', coalesce((spec ->> 'enabled')::boolean, true), 'new_secret', sealed_secret is not null));
  return jsonb_build_object('channel_id', id);
end
$$;
comment on function public.save_alert_channel(jsonb, bytea, bytea) is 'Makes or changes a webhook that hears of alerts: {channel_id}.';
revoke execute on function public.save_alert_channel(jsonb, bytea, bytea) from public;
grant execute on function public.save_alert_channel(jsonb, bytea, bytea) to authenticated, service_role;
