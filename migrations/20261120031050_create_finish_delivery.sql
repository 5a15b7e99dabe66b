-- What a webhook answered. A failure is tried again with full jitter, up to a quarter of an hour apart, and
-- given up after a dozen tries, which takes about an hour and a half.
create function public.finish_delivery(
  delivery_id bigint, try_count integer, delivered boolean, http_status integer, error text, answer text
) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  most_tries constant integer := 12;
  is_over boolean := not delivered and try_count >= most_tries;
begin
  perform runboard_internal.require('admin');
  update public.alert_deliveries as d
  set delivered_at = case when delivered then moment end,
    gave_up_at = case when is_over then moment end,
    next_try_at = case when not delivered and not is_over then
      moment + make_interval(secs => random() * least(900, 2 * power(2, finish_delivery.try_count))) end,
    last_status = http_status, last_error = left(error, 500), last_answer = left(answer, 1000)
  where d.delivery_id = finish_delivery.delivery_id and d.try_count = finish_delivery.try_count and d.next_try_at is not null;
  if not found then
    return 'lost';
  end if;
  return case when delivered then 'delivered' when is_over then 'gave_up' else 'later' end;
end
$$;
comment on function public.finish_delivery(bigint, integer, boolean, integer, text, text) is 'Notes what became of a message: delivered, later, gave_up, or lost when another server has it.';
revoke execute on function public.finish_delivery(bigint, integer, boolean, integer, text, text) from public;
grant execute on function public.finish_delivery(bigint, integer, boolean, integer, text, text) to service_role;
