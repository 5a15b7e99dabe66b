-- Counts what became of the items, in one place, so that the counts can only add up.
create function runboard_internal.finish_bulk(bulk_id uuid, final_status text default null) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  counted record;
  failures jsonb;
  is_over boolean;
begin
  select count(*) filter (where i.outcome = 'done') as done, count(*) filter (where i.outcome = 'skipped') as skipped,
    count(*) filter (where i.outcome = 'failed') as failed, count(*) filter (where i.outcome is null) as left_count, count(*) as total
  into counted from runboard_internal.bulk_items as i where i.bulk_id = finish_bulk.bulk_id;
  select coalesce(jsonb_agg(to_jsonb(e)), '[]') into failures from (
    select i.code, min(i.message) as message, count(*) as count from runboard_internal.bulk_items as i
    where i.bulk_id = finish_bulk.bulk_id and i.outcome = 'failed' group by i.code order by count(*) desc limit 20
  ) as e;
  is_over := counted.left_count = 0;
  update public.bulk_operations as b
  set done_count = counted.done, skipped_count = counted.skipped, failed_count = counted.failed, errors = failures,
    started_at = coalesce(b.started_at, moment),
    finished_at = case when is_over then moment end,
    status = case when not is_over then 'running' when final_status is not null then final_status
      when counted.failed = counted.total then 'failed' else 'success' end
  where b.bulk_id = finish_bulk.bulk_id and b.finished_at is null;
  return jsonb_build_object('bulk_id', finish_bulk.bulk_id, 'total', counted.total, 'done', counted.done, 'skipped', counted.skipped,
    'failed', counted.failed, 'left', counted.left_count);
end
$$;
comment on function runboard_internal.finish_bulk(uuid, text) is 'Writes the counts of a bulk operation, and its end when nothing is left: {total, done, skipped, failed, left}.';
revoke execute on function runboard_internal.finish_bulk(uuid, text) from public;
