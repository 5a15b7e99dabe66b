-- Looks whether what a run waits for has come, and ends the wait if so. Whoever learns of such a thing may
-- call it: the sweep, the end of a child, a callback, the beginning of the wait itself. It locks the row of
-- the wait or passes it over: somebody else is ending it then, or the next sweep looks again.
create or replace function runboard_internal.end_wait_if_over(run_id text) returns text
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  moment timestamptz := runboard_internal.clock();
  wait record;
  child record;
  answer jsonb;
  ending jsonb;
begin
  select w.* into wait from runboard_internal.run_waits as w where w.run_id = end_wait_if_over.run_id for update skip locked;
  if not found then
    return null;
  end if;

  if wait.kind = 'run' then
    select c.run_id, c.status, c.result, c.error into child from public.runs as c where c.run_id = wait.data ->> 'run_id';
    if not found then
      ending := jsonb_build_object('verdict', 'failed', 'event', 'wait_ended', 'message', 'The run it waited for is no longer kept.',
        'error', jsonb_build_object('code', 'child_gone', 'message', format('The run %s is no longer kept.', wait.data ->> 'run_id')));
    elsif child.status = 'success' then
      ending := jsonb_build_object('verdict', 'success', 'event', 'wait_ended', 'message', format('%s succeeded.', child.run_id),
        'output', jsonb_build_object('run_id', child.run_id, 'status', child.status, 'result', child.result), 'data', jsonb_build_object('run_id', child.run_id));
    elsif child.status in ('failed', 'canceled') then
      ending := jsonb_build_object('verdict', 'failed', 'event', 'wait_ended', 'message', format('%s ended as %s.', child.run_id, child.status),
        'data', jsonb_build_object('run_id', child.run_id),
        'error', jsonb_build_object('code', 'child_' || child.status,
          'message', format('%s ended as %s%s', child.run_id, child.status, coalesce(': ' || (child.error ->> 'message'), '.')),
          'hint', 'Look at that run; this one can then be started again from this step.'));
    end if;
  elsif wait.kind = 'callback' then
    select c.outcome into answer
    from runboard_internal.run_callbacks as c
    where c.run_id = wait.run_id and c.step = wait.step and c.answered_at is not null and c.consumed_at is null;
    if found then
      ending := runboard_internal.ending_of(answer, 'The callback was answered.');
    end if;
  end if;

  if ending is null and wait.due_at <= moment then
    ending := case
      when wait.kind = 'timer' then jsonb_build_object('verdict', 'success', 'event', 'wait_ended', 'message', 'The time has come.')
      when wait.on_timeout = 'approve' then jsonb_build_object('verdict', 'success', 'event', 'approved',
        'message', 'Nobody decided in time; that counts as approved.',
        'output', jsonb_build_object('decision', 'approve', 'by', null, 'note', null, 'decided_at', moment))
      when wait.on_timeout = 'reject' then jsonb_build_object('verdict', 'failed', 'event', 'rejected',
        'message', 'Nobody decided in time; that counts as rejected.',
        'error', jsonb_build_object('code', 'rejected', 'message', 'Nobody decided in time; that counts as rejected.', 'decision', 'reject', 'by', null, 'decided_at', moment))
      else jsonb_build_object('verdict', 'fatal', 'event', 'wait_ended', 'message', 'The time of the wait is over.',
        'error', jsonb_build_object('code', 'timeout',
          'message', format('The wait of step %s was not over within %s.', wait.step, runboard_internal.in_words(runboard_internal.ms_between(wait.opened_at, wait.due_at))),
          'hint', 'Give the wait a longer timeout_seconds, or say with on_timeout what its end means.'))
    end;
  end if;
  if ending is null then
    return null;
  end if;
  return runboard_internal.settle_wait(end_wait_if_over.run_id, ending);
end
$$;
