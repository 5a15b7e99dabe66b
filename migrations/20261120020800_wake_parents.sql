-- When a child ends, a parent that waits for it goes on in the same moment; the sweep would find it too, but
-- only at its next pass. The condition is decided before the function is called, so a run without a parent
-- costs nothing.
create function runboard_internal.wake_parent() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- Only a wait for this very run; end_wait_if_over passes over a row that somebody else is ending.
  if exists (
    select from runboard_internal.run_waits as w
    where w.run_id = new.parent_run_id and w.kind = 'run' and w.data ->> 'run_id' = new.run_id
  ) then
    perform runboard_internal.end_wait_if_over(new.parent_run_id);
  end if;
  return null;
end
$$;
comment on function runboard_internal.wake_parent() is 'Ends the wait of the parent of a run that has ended.';
revoke execute on function runboard_internal.wake_parent() from public;
create trigger runs_wake_parent after update of finished_at on public.runs
  for each row when (new.parent_run_id is not null and new.finished_at is not null and old.finished_at is null)
  execute function runboard_internal.wake_parent();
