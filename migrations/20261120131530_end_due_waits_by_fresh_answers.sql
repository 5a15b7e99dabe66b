-- The part of the repair pass that looks at waits: those whose time is over, and those whose end came while
-- nobody could tell them. A row that cannot be ended is left for the next pass without holding up others.
create or replace function runboard_internal.end_due_waits(max_rows integer) returns jsonb
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  moment timestamptz := runboard_internal.clock();
  due text;
  ended text;
  resumed integer := 0;
  failed integer := 0;
begin
  for due in
    (select w.run_id from runboard_internal.run_waits as w where w.due_at <= moment order by w.due_at limit max_rows)
    union
    (select w.run_id from runboard_internal.run_waits as w
      left join public.runs as c on c.run_id = w.data ->> 'run_id'
      where w.kind = 'run' and (c.run_id is null or c.finished_at is not null) limit max_rows)
    union
    (select w.run_id from runboard_internal.run_waits as w
      join runboard_internal.run_callbacks as c on c.run_id = w.run_id and c.step = w.step
      where w.kind = 'callback' and c.answered_at is not null and c.consumed_at is null limit max_rows)
    order by 1
  loop
    begin
      ended := runboard_internal.end_wait_if_over(due);
      resumed := resumed + case when ended = 'queued' then 1 else 0 end;
      failed := failed + case when ended = 'failed' then 1 else 0 end;
    exception when others then
      raise warning 'the wait of run % could not be ended: %', due, sqlerrm;
    end;
  end loop;
  return jsonb_build_object('resumed', resumed, 'failed', failed);
end
$$;
