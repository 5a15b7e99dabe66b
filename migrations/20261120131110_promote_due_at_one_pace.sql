-- Runs whose time has come move from run_deferred to run_queue. Bounded, and safe beside each other. A run
-- that comes back has waited since it was made; any other begins to wait when it is due.
create or replace function runboard_internal.promote_due(max_rows integer) returns integer
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set jit = off
as $$
declare
  moment timestamptz := runboard_internal.clock();
  promoted integer;
begin
  if not exists (select from runboard_internal.run_deferred as d where d.due_at <= moment) then
    return 0;
  end if;
  -- The pace of a lane does not change while places in it are worked out.
  perform pg_advisory_xact_lock_shared(hashtextextended('rank ' || l.name, 3)) from (select x.name from public.lanes as x order by x.name) as l;
  with due as materialized (
    select d.run_id from runboard_internal.run_deferred as d
    where d.due_at <= moment
    order by d.due_at
    limit max_rows
    for update skip locked
  ),
  moved as (
    delete from runboard_internal.run_deferred as d using due where d.run_id = due.run_id returning d.*
  )
  insert into runboard_internal.run_queue (run_id, lane, priority, seq, queued_at, kinds, concurrency_key, coalesce_key, rank)
  select m.run_id, m.lane, m.priority, case when m.comes_back then 0 else nextval('runboard_internal.queue_seq') end,
    m.due_at, m.kinds, m.concurrency_key, m.coalesce_key,
    -- Null: the table ranks it.
    case when not m.comes_back then
      runboard_internal.queue_rank(m.priority, m.due_at, (select l.aging_seconds from public.lanes as l where l.name = m.lane)) end
  from moved as m;
  get diagnostics promoted = row_count;
  return promoted;
end
$$;
