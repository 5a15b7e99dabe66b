-- The board counts failed runs and lost attempts of a day, and people page through failed runs. Both are
-- rare, so these indexes are small; without them each look would read the ledger.
create index runs_failed_finished on public.runs (finished_at) where status = 'failed';
create index runs_failed_created on public.runs (created_at desc, run_id desc) where status = 'failed';
create index run_attempts_lost on public.run_attempts (ended_at) where outcome = 'lost';
