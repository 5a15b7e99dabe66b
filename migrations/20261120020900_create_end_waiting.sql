-- Ends a run that waits: nobody works on it, so it ends at once, and with it the run it waits for, which
-- would work for nobody. False when its wait was over a moment before.
create function runboard_internal.end_waiting(run_id text, reason text, message text, moment timestamptz) returns boolean
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
as $$
declare
  wait record;
  ended integer;
begin
  delete from runboard_internal.run_waits as w where w.run_id = end_waiting.run_id returning w.kind, w.step, w.data into wait;
  if not found then
    return false;
  end if;
  update public.run_steps as s set status = 'canceled', finished_at = moment
  where s.run_id = end_waiting.run_id and s.step = wait.step and s.status = 'waiting';
  update public.runs as r
  set status = 'canceled', reason = end_waiting.reason, finished_at = moment, cancel_requested_at = coalesce(r.cancel_requested_at, moment), version = r.version + 1
  where r.run_id = end_waiting.run_id and r.status = 'waiting';
  get diagnostics ended = row_count;
  if ended <> 1 then
    raise exception 'run % stood among the waiting but did not wait', end_waiting.run_id;
  end if;
  perform runboard_internal.record_event(end_waiting.run_id, moment, 'canceled', message, jsonb_build_object('reason', end_waiting.reason, 'step', wait.step));
  if wait.kind = 'run' and exists (select from public.runs as c where c.run_id = wait.data ->> 'run_id' and c.parent_run_id = end_waiting.run_id and c.finished_at is null) then
    perform public.cancel_run(wait.data ->> 'run_id', format('%s, which waited for it, was canceled.', end_waiting.run_id));
  end if;
  return true;
end
$$;
comment on function runboard_internal.end_waiting(text, text, text, timestamptz) is 'Cancels a run that waits, and the child it waits for.';
revoke execute on function runboard_internal.end_waiting(text, text, text, timestamptz) from public;
