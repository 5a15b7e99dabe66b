-- Looks whether what a run waits for has come, and ends the wait if so. Whoever learns of such a thing may
-- call it: the sweep, the end of a child, a callback, the beginning of the wait itself. It locks the row of
-- the wait or passes it over: somebody else is ending it then, or the next sweep looks again.
create function runboard_internal.end_wait_if_over(run_id text) returns text
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
    where c.run_id = wait.run_id and c.step = wait.step and c.answered_at is not null;
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
comment on function runboard_internal.end_wait_if_over(text) is 'Ends the wait of a run when what it waits for has come: queued, failed, or null.';
revoke execute on function runboard_internal.end_wait_if_over(text) from public;

-- An outcome from outside is {status?: success | failed, output?, error?: {code?, message?, hint?}}.
create function runboard_internal.ending_of(outcome jsonb, message text) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  if outcome ->> 'status' = 'failed' then
    return jsonb_build_object('verdict', 'failed', 'event', 'wait_ended', 'message', message,
      'error', jsonb_build_object('code', 'step_failed', 'message', 'What it waited for has failed.') || coalesce(nullif(outcome -> 'error', 'null'), '{}'));
  end if;
  return jsonb_build_object('verdict', 'success', 'event', 'wait_ended', 'message', message, 'output', outcome -> 'output');
end
$$;
comment on function runboard_internal.ending_of(jsonb, text) is 'How an outcome from outside ends a wait.';
revoke execute on function runboard_internal.ending_of(jsonb, text) from public;

create function runboard_internal.check_outcome(outcome jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  stray text;
begin
  if jsonb_typeof(outcome) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_outcome', 'An outcome is a JSON object.', 'Send {"status": "success", "output": {…}}.', 'outcome');
  end if;
  select o.key into stray from jsonb_object_keys(outcome) as o(key) where o.key not in ('status', 'output', 'error') limit 1;
  if stray is not null then
    perform runboard_internal.refuse(422, 'unknown_field', format('An outcome has no field %s.', stray), 'It has status, output and error.', 'outcome.' || stray);
  elsif coalesce(outcome ->> 'status', 'success') not in ('success', 'failed') then
    perform runboard_internal.refuse(422, 'invalid_field', 'An outcome is a success or failed.', null, 'outcome.status');
  elsif jsonb_typeof(outcome -> 'error') not in ('object', 'null') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The error of an outcome is an object.', 'Send {"code": "…", "message": "…", "hint": "…"}.', 'outcome.error');
  elsif outcome -> 'error' ->> 'code' !~ '^[a-z][a-z0-9_]{0,62}$' then
    perform runboard_internal.refuse(422, 'invalid_field', 'A code has only a-z, 0-9 and _ and begins with a letter.', null, 'outcome.error.code');
  elsif octet_length(outcome::text) > 1048576 then
    perform runboard_internal.refuse(422, 'too_large', 'An outcome has at most 1 MiB.', 'Leave large things in an artifact or an object store.', 'outcome');
  end if;
end
$$;
comment on function runboard_internal.check_outcome(jsonb) is 'Refuses an outcome from outside that has not the right form.';
revoke execute on function runboard_internal.check_outcome(jsonb) from public;
