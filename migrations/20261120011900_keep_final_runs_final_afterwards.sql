-- Final states stay absorbing, but the trigger that holds them looks after the update instead of before it: a
-- trigger that runs before makes Postgres lock, and log the lock of, every row of every claim and every end,
-- although it has nothing to say about them (measured: 108 bytes of WAL per run).
drop trigger runs_keep_final on public.runs;
create trigger runs_keep_final after update of status, finished_at on public.runs
  for each row when (old.finished_at is not null and (new.status <> old.status or new.finished_at is distinct from old.finished_at))
  execute function runboard_internal.keep_final_runs_final();
