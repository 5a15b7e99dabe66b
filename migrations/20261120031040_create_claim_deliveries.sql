-- Takes messages that are due out of the outbox, for a minute: a server that dies with them loses nothing,
-- another sends them again. A receiver may therefore see one twice and knows it by its delivery id.
create function public.claim_deliveries(most integer)
returns table (delivery_id bigint, channel_id uuid, url text, nonce bytea, ciphertext bytea, event text, body jsonb, try_count integer)
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  moment timestamptz := runboard_internal.clock();
begin
  perform runboard_internal.require('admin');
  return query
  with due as (
    select d.delivery_id from public.alert_deliveries as d
    where d.next_try_at <= moment
    order by d.next_try_at
    limit least(greatest(most, 1), 100)
    for update skip locked
  )
  update public.alert_deliveries as d
  set next_try_at = moment + interval '1 minute', try_count = d.try_count + 1
  from due, public.alert_channels as c
  where d.delivery_id = due.delivery_id and c.channel_id = d.channel_id
  returning d.delivery_id, c.channel_id, c.url, c.nonce, c.ciphertext, d.event, d.body, d.try_count;
end
$$;
comment on function public.claim_deliveries(integer) is 'Messages to send now, each given to one server for a minute.';
revoke execute on function public.claim_deliveries(integer) from public;
grant execute on function public.claim_deliveries(integer) to service_role;
