-- A try of a channel stands in its log like any other message, so that everybody sees what came back.
create function public.log_alert_test(channel_id uuid, body jsonb, accepted boolean, status integer, error text, answer text) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  moment timestamptz := runboard_internal.clock();
  kept constant integer := 20;
  id bigint;
begin
  if not exists (select from public.alert_channels as c where c.channel_id = log_alert_test.channel_id) then
    perform runboard_internal.refuse(404, 'unknown_channel', 'There is no such channel.', null, 'channel_id');
  end if;
  insert into public.alert_deliveries (channel_id, event, body, created_at, try_count, delivered_at, gave_up_at, last_status, last_error, last_answer)
  values (log_alert_test.channel_id, 'test', log_alert_test.body, moment, 1, case when accepted then moment end,
    case when accepted then null else moment end, status, error, answer)
  returning delivery_id into id;
  -- No alert takes them along when it is forgotten.
  delete from public.alert_deliveries as d
  where d.channel_id = log_alert_test.channel_id and d.event = 'test' and d.next_try_at is null
    and d.delivery_id <= (
      select x.delivery_id from public.alert_deliveries as x
      where x.channel_id = log_alert_test.channel_id and x.event = 'test'
      order by x.delivery_id desc offset kept limit 1);
  perform runboard_internal.audit(who, 'test_alert_channel', 'alert_channel', log_alert_test.channel_id::text,
    jsonb_strip_nulls(jsonb_build_object('accepted', accepted, 'status', status)));
  return id;
end
$$;
comment on function public.log_alert_test(uuid, jsonb, boolean, integer, text, text) is 'Notes what a webhook answered to a test: the delivery_id.';
revoke execute on function public.log_alert_test(uuid, jsonb, boolean, integer, text, text) from public;
grant execute on function public.log_alert_test(uuid, jsonb, boolean, integer, text, text) to authenticated, service_role;
