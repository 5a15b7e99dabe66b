-- Whatever way a time takes into the ledger: one that no reader can hold would hide the board from everybody. What
-- was asked to start at such a time was never going to start, and does so now.
update public.runs as r set run_after = null
where r.run_after not between timestamptz '0001-01-01T00:00:00Z' and timestamptz '9999-12-31T23:59:59Z';
update runboard_internal.run_deferred as d set due_at = runboard_internal.clock()
where d.due_at not between timestamptz '0001-01-01T00:00:00Z' and timestamptz '9999-12-31T23:59:59Z';
alter table public.runs add constraint runs_run_after_is_readable
  check (run_after between timestamptz '0001-01-01T00:00:00Z' and timestamptz '9999-12-31T23:59:59Z') not valid;
alter table runboard_internal.run_deferred add constraint run_deferred_due_at_is_readable
  check (due_at between timestamptz '0001-01-01T00:00:00Z' and timestamptz '9999-12-31T23:59:59Z') not valid;
