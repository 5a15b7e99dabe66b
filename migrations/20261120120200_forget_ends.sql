-- Who deletes a run deletes its history with it, and its end.
create or replace function runboard_internal.forget_history() returns trigger
language plpgsql set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  delete from public.run_attempts as a using gone where a.run_id = gone.run_id;
  delete from public.run_steps as s using gone where s.run_id = gone.run_id;
  delete from runboard_internal.run_ends as e using gone
  where e.lane = gone.lane and e.finished_at = gone.finished_at and e.run_id = gone.run_id;
  return null;
end
$$;
