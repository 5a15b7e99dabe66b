-- A receiver that hangs has many messages that are due, and those on their way do not come back soon. The
-- server says which channels have enough on their way; of the others each has its turn.
drop function public.claim_deliveries(integer);

create function public.claim_deliveries(most integer, busy uuid[] default '{}')
returns table (delivery_id bigint, channel_id uuid, url text, nonce bytea, ciphertext bytea, event text, body jsonb, try_count integer)
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  moment timestamptz := runboard_internal.clock();
begin
  perform runboard_internal.require('admin');
  return query
  with first as (
    select o.delivery_id
    from public.alert_channels as c
    cross join lateral (
      select d.delivery_id from public.alert_deliveries as d
      where d.channel_id = c.channel_id and d.next_try_at <= moment
      order by d.next_try_at limit 4
    ) as o
    where c.channel_id <> all (busy)
  ),
  due as (
    select d.delivery_id from public.alert_deliveries as d
    where d.delivery_id in (select f.delivery_id from first as f) and d.next_try_at <= moment
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
comment on function public.claim_deliveries(integer, uuid[]) is 'Messages to send now, none of busy channels and few of each other, given to one server for a minute.';
revoke execute on function public.claim_deliveries(integer, uuid[]) from public;
grant execute on function public.claim_deliveries(integer, uuid[]) to service_role;
