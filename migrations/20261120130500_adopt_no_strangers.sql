-- A step may start a run of its own. The child belongs to who asked for the parent, so a planner can
-- steer both. The step may run twice, so it is known by the parent and the step: whoever asks again gets
-- the same child, however it ended. Only a run that a run has asked for is such a child: no person can write `run`
-- as the way they came.
create or replace function public.start_child_run(run_id text, lease_seq bigint, step text, spec jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  child_key text := 'step ' || step;
  parent record;
  known record;
  who jsonb;
  answer jsonb;
begin
  perform public.assert_lease(run_id, lease_seq);
  select c.run_id, c.status into known
  from public.runs as c
  where c.parent_run_id = start_child_run.run_id and c.idempotency_key = child_key and c.requested_by ->> 'via' = 'run';
  if found then
    return jsonb_build_object('run_id', known.run_id, 'status', known.status, 'created', false, 'coalesced', false);
  end if;
  select r.requested_by, r.session_id into parent from public.runs as r where r.run_id = start_child_run.run_id;
  -- The run itself is the caller: its key meets no key of a person.
  who := jsonb_build_object('subject', run_id, 'actor', coalesce(parent.requested_by ->> 'actor', 'a run'), 'via', 'run', 'person', false);
  answer := runboard_internal.enqueue(spec || jsonb_build_object(
    'parent_run_id', run_id, 'idempotency_key', child_key, 'session_id', parent.session_id,
    'requested_by', parent.requested_by || '{"via": "run"}'), who);
  perform runboard_internal.record_event(run_id, runboard_internal.clock(), 'child_started', format('Step %s started %s.', step, answer ->> 'run_id'),
    jsonb_build_object('step', step, 'run_id', answer ->> 'run_id'));
  perform runboard_internal.hint_enqueued(array[answer]);
  return answer;
end
$$;
