-- A bulk operation ends with its run, however that ended: canceled before it began, lost with its workers.
-- What it did not get to counts as skipped, so that the counts still add up.
create function public.settle_bulks() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  ended record;
  settled integer := 0;
begin
  perform runboard_internal.require('admin');
  for ended in
    select b.bulk_id, r.status
    from public.bulk_operations as b
    left join public.runs as r on r.run_id = b.run_id
    where b.finished_at is null and (r.run_id is null or r.finished_at is not null)
    limit 100
    for update of b skip locked
  loop
    update runboard_internal.bulk_items as i
    set outcome = 'skipped', done_at = runboard_internal.clock(),
      code = case when ended.status = 'canceled' then 'canceled' else 'not_reached' end,
      message = case when ended.status = 'canceled' then 'The operation was canceled before it came to this run.'
        else 'The operation ended before it came to this run.' end
    where i.bulk_id = ended.bulk_id and i.outcome is null;
    perform runboard_internal.finish_bulk(ended.bulk_id, case when ended.status = 'canceled' then 'canceled' else 'failed' end);
    settled := settled + 1;
  end loop;
  return settled;
end
$$;
comment on function public.settle_bulks() is 'Ends bulk operations whose run has ended; answers how many.';
revoke execute on function public.settle_bulks() from public;
grant execute on function public.settle_bulks() to service_role;
