-- Open runs stand in the hot tables, which are small: asking them is cheaper than asking the ledger.
create function runboard_internal.open_runs() returns table (run_id text)
language sql stable set search_path = '' as $$
  select q.run_id from runboard_internal.run_queue as q
  union select d.run_id from runboard_internal.run_deferred as d
  union select l.run_id from runboard_internal.run_leases as l
  union select w.run_id from runboard_internal.run_waits as w
$$;
comment on function runboard_internal.open_runs() is 'Runs that have not ended.';
revoke execute on function runboard_internal.open_runs() from public;
