-- The board counts failed runs and lost attempts of a day, and people page through failed runs. Both are
-- rare, so these indexes are small; without them each look would read the ledger. Only a run that failed
-- or was canceled has a reason; a predicate on the status would make every claim write to every index.
create index runs_failed_finished on public.runs (finished_at) where reason is not null;
create index runs_failed_created on public.runs (created_at desc, run_id desc) where reason is not null;
create index run_attempts_lost on public.run_attempts (ended_at) where outcome = 'lost';
