-- What was still to be sent to it goes with it.
create function public.delete_alert_channel(channel_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  old_name text;
begin
  delete from public.alert_channels as c where c.channel_id = delete_alert_channel.channel_id returning c.name into old_name;
  if old_name is null then
    perform runboard_internal.refuse(404, 'unknown_channel', 'There is no such channel.', null, 'channel_id');
  end if;
  perform runboard_internal.audit(who, 'delete_alert_channel', 'alert_channel', delete_alert_channel.channel_id::text, jsonb_build_object('name', old_name));
end
$$;
comment on function public.delete_alert_channel(uuid) is 'Forgets a webhook and its log.';
revoke execute on function public.delete_alert_channel(uuid) from public;
grant execute on function public.delete_alert_channel(uuid) to authenticated, service_role;
