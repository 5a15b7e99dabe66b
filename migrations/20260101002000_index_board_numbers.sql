-- The board counts failed runs and lost attempts of a day. Both are rare, so the indexes are small, and
-- without them each look at the board would read the ledger.
create index runs_failed on public.runs (finished_at) where status = 'failed';
create index run_attempts_lost on public.run_attempts (ended_at) where outcome = 'lost';
