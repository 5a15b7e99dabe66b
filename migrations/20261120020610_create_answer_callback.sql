-- The door for programs outside: whoever knows the token may answer, once. The same answer again is
-- answered as the first time.
create function public.answer_callback(token text, outcome jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  given jsonb := coalesce(nullif(outcome, 'null'), '{}');
  known record;
  run_status text;
begin
  perform runboard_internal.check_outcome(given);
  select c.* into known
  from runboard_internal.run_callbacks as c
  where c.token_sha256 = encode(sha256(convert_to(coalesce(token, ''), 'UTF8')), 'hex')
  for update;
  if not found then
    perform runboard_internal.refuse(404, 'unknown_callback', 'Nobody waits for this callback.', 'Use the address that came with the request.');
  end if;
  select r.status into run_status from public.runs as r where r.run_id = known.run_id;
  if known.answered_at is not null then
    if known.outcome <> given then
      perform runboard_internal.refuse(409, 'already_answered', 'This callback was answered differently before.', 'The first answer stands.');
    end if;
    return jsonb_build_object('run_id', known.run_id, 'status', run_status);
  elsif run_status in ('success', 'failed', 'canceled') then
    perform runboard_internal.refuse(409, 'run_is_final', format('The run %s has ended as %s.', known.run_id, run_status), 'Stop the work: nobody waits for it any more.');
  end if;
  update runboard_internal.run_callbacks as c
  set answered_at = runboard_internal.clock(), outcome = given
  where c.token_sha256 = known.token_sha256;
  run_status := coalesce(runboard_internal.end_wait_if_over(known.run_id), run_status);
  return jsonb_build_object('run_id', known.run_id, 'status', run_status);
end
$$;
comment on function public.answer_callback(text, jsonb) is 'Answers the callback of this token with {status?: success | failed, output?, error?}: {run_id, status}.';
revoke execute on function public.answer_callback(text, jsonb) from public;
grant execute on function public.answer_callback(text, jsonb) to service_role;
