-- Two statements that end runs of the same keys must take the locks of the keys in the same order, or they wait for
-- each other. A trigger per row takes them in the order of the rows; this one sees all rows of a statement.
create function runboard_internal.unpark_next_of_all() returns trigger
language plpgsql set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set jit = off
as $$
declare
  freed record;
begin
  for freed in
    select hashtextextended(g.concurrency_key, 2) as lock_id, g.concurrency_key as key
    from gone as g
    where g.concurrency_key is not null
    group by g.concurrency_key
    order by 1, 2
  loop
    perform pg_advisory_xact_lock(freed.lock_id);
    perform runboard_internal.unpark(freed.key);
  end loop;
  return null;
end
$$;
comment on function runboard_internal.unpark_next_of_all() is 'Brings back the next parked runs of the keys that a statement has freed.';
revoke execute on function runboard_internal.unpark_next_of_all() from public;

drop trigger run_leases_unpark on runboard_internal.run_leases;
create trigger run_leases_unpark after delete on runboard_internal.run_leases
  referencing old table as gone for each statement execute function runboard_internal.unpark_next_of_all();
drop trigger run_waits_unpark on runboard_internal.run_waits;
create trigger run_waits_unpark after delete on runboard_internal.run_waits
  referencing old table as gone for each statement execute function runboard_internal.unpark_next_of_all();
drop function runboard_internal.unpark_next();
