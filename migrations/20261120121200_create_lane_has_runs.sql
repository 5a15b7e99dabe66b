-- Every run stands in exactly one of five places, each with an index that begins with the lane or with few
-- rows; the ledger itself has none on the lane.
create function runboard_internal.lane_has_runs(name text) returns boolean
language sql volatile set search_path = '' as $$
  select exists (select from runboard_internal.run_ends as e where e.lane = name)
    or exists (select from runboard_internal.run_queue as q where q.lane = name)
    or exists (select from runboard_internal.run_leases as l where l.lane = name)
    or exists (select from runboard_internal.run_deferred as d where d.lane = name)
    or exists (select from runboard_internal.run_waits as w where w.lane = name)
$$;
comment on function runboard_internal.lane_has_runs(text) is 'Whether any run, of whatever status, names this lane.';
revoke execute on function runboard_internal.lane_has_runs(text) from public;
