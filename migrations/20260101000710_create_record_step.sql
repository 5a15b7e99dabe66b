-- Where a run stands: a step that is recorded success is not run again by the next attempt.
create function public.record_step(run_id text, lease_seq bigint, step jsonb) returns text
language sql volatile security definer set search_path = '' as $$
  select runboard_internal.apply_write(jsonb_build_object('op', 'step', 'run_id', run_id, 'lease_seq', lease_seq, 'step', step))
$$;
comment on function public.record_step(text, bigint, jsonb) is 'Records a step {step, position, title, kind, status, try, started_at?, finished_at?, output?, error?}: ok or lost.';
revoke execute on function public.record_step(text, bigint, jsonb) from public;
grant execute on function public.record_step(text, bigint, jsonb) to service_role, runboard_worker;
