-- A foreign key from history to the ledger looks up, locks and logs a row of `runs` for every attempt, step
-- and artifact (measured: 6 µs and 120 bytes of WAL per run). Only functions write these tables, under a
-- lease that proves that the run is there; retention deletes history before it deletes runs.
alter table public.run_attempts drop constraint run_attempts_run_id_fkey;
alter table public.run_steps drop constraint run_steps_run_id_fkey;
alter table public.artifacts drop constraint artifacts_run_id_fkey;

-- Leases of one worker are only looked for when it leaves and on the page of workers: few rows, one pass.
drop index runboard_internal.run_leases_worker;
