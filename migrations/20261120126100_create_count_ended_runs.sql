-- Moves the mark: once counted, an end is never looked at again, and none is left out. An end carries the
-- time at which its function began, and is seen later, when its transaction is over. So the count goes up to
-- a time that an earlier call noted, and only when every transaction that was writing then has ended; the
-- margin covers one that had looked at the clock and not yet begun to write.
create function public.count_ended_runs() returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  margin constant interval := '10 seconds';
  moment timestamptz := runboard_internal.clock();
  mark runboard_internal.run_count_mark;
  counted boolean;
begin
  perform runboard_internal.require('admin');
  -- Who holds the row counts; everybody else has nothing to do.
  select * into mark from runboard_internal.run_count_mark as m for update skip locked;
  if mark.counted_until is null then
    return false;
  end if;
  counted := coalesce(pg_snapshot_xmin(pg_current_snapshot()) >= mark.next_xid, false);
  if counted then
    insert into runboard_internal.run_counts as c (lane, what, total)
    select e.lane, e.what, e.ended from runboard_internal.ended_between(mark.counted_until, mark.next_until) as e
    on conflict on constraint run_counts_pkey do update set total = c.total + excluded.total;
    mark.counted_until := mark.next_until;
    mark.next_until := null;
  end if;
  if mark.next_until is null and moment - margin > mark.counted_until then
    mark.next_until := moment - margin;
    mark.next_xid := pg_current_xact_id();
  elsif mark.next_until is null then
    mark.next_xid := null;
  end if;
  update runboard_internal.run_count_mark as m
  set counted_until = mark.counted_until, next_until = mark.next_until, next_xid = mark.next_xid;
  return counted;
end
$$;
comment on function public.count_ended_runs() is 'Counts runs that have ended since the last count; false when there is nothing to count yet.';
revoke execute on function public.count_ended_runs() from public;
grant execute on function public.count_ended_runs() to service_role;
