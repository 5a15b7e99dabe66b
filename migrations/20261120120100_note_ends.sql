-- Runs that end well are many and end in two places, which write their row here themselves with the rest of
-- their batch. Every other end is seen by this trigger, whichever function made it.
create function runboard_internal.note_end() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into runboard_internal.run_ends (run_id, lane, status, entered_at, left_at, finished_at)
  values (new.run_id, new.lane, new.status, greatest(new.created_at, case when new.attempt <= 1 then new.run_after end),
    coalesce(new.started_at, new.finished_at), new.finished_at);
  return null;
end
$$;
comment on function runboard_internal.note_end() is 'Writes down when a run ended.';
revoke execute on function runboard_internal.note_end() from public;
create trigger runs_note_end after update of finished_at on public.runs
  for each row when (new.finished_at is not null and old.finished_at is null and new.status <> 'success') execute function runboard_internal.note_end();
-- A run that is written as final, by whoever brings a ledger along.
create trigger runs_note_final after insert on public.runs
  for each row when (new.finished_at is not null) execute function runboard_internal.note_end();
