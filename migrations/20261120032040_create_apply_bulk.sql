-- Does the next items of a bulk operation, each with its outcome in the same transaction: whoever takes over
-- after a crash goes on with the first that has none. Each item goes through the function a person would
-- call, as the person who asked. An item that is refused is written down and stops no other.
create function public.apply_bulk(run_id text, lease_seq bigint, most integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  moment timestamptz;
  wish public.bulk_operations;
  item record;
  answer jsonb;
  outcome text;
  code text;
  message text;
  detail text;
begin
  perform runboard_internal.require('worker');
  perform public.assert_lease(run_id, lease_seq);
  select * into wish from public.bulk_operations as b where b.run_id = apply_bulk.run_id for update;
  if wish.bulk_id is null then
    perform runboard_internal.refuse(422, 'unknown_bulk', 'This run does no bulk operation.', 'Start one with POST /api/bulk.');
  elsif wish.finished_at is not null then
    return runboard_internal.finish_bulk(wish.bulk_id);
  end if;
  insert into runboard_internal.acting_as (xid, caller) values (pg_current_xact_id(), wish.requested_by);
  perform set_config('runboard.acting_as', 'on', true);
  for item in
    select i.place, i.run_id from runboard_internal.bulk_items as i
    where i.bulk_id = wish.bulk_id and i.outcome is null order by i.place limit least(greatest(most, 1), 500)
  loop
    answer := null;
    code := null;
    message := null;
    begin
      answer := case wish.verb
        when 'cancel' then public.cancel_run(item.run_id, coalesce(wish.note, 'Bulk cancel.'))
        when 'retry' then public.retry_run(item.run_id)
        else public.rerun_run(item.run_id, wish.changes - 'from_step', wish.changes ->> 'from_step')
      end;
      outcome := case when answer ->> 'outcome' = 'already_final' then 'skipped' else 'done' end;
      if outcome = 'skipped' then
        code := 'already_final';
        message := format('It had ended as %s already.', answer ->> 'status');
      end if;
    exception when others then
      -- What may pass is tried again with the whole batch; only a refusal belongs to the item.
      if sqlstate not like 'PT4%' then
        raise;
      end if;
      get stacked diagnostics message = message_text, detail = pg_exception_detail;
      code := coalesce(detail::jsonb ->> 'code', 'refused');
      outcome := case when code in ('not_final', 'already_succeeded', 'run_is_final') then 'skipped' else 'failed' end;
    end;
    moment := runboard_internal.clock();
    update runboard_internal.bulk_items as i
    set outcome = told.outcome, code = told.code, message = told.message,
      new_run_id = case when wish.verb <> 'cancel' then answer ->> 'run_id' end, done_at = moment
    from (select outcome, code, message) as told(outcome, code, message)
    where i.bulk_id = wish.bulk_id and i.place = item.place;
  end loop;
  perform set_config('runboard.acting_as', '', true);
  delete from runboard_internal.acting_as as a where a.xid = pg_current_xact_id();
  return runboard_internal.finish_bulk(wish.bulk_id);
end
$$;
comment on function public.apply_bulk(text, bigint, integer) is 'Does the next items of the bulk operation that a held run works through: {bulk_id, total, done, skipped, failed, left}.';
revoke execute on function public.apply_bulk(text, bigint, integer) from public;
grant execute on function public.apply_bulk(text, bigint, integer) to service_role, runboard_worker;
