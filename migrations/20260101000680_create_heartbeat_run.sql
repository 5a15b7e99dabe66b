-- One run's heartbeat, for callers that hold only one.
create function public.heartbeat_run(run_id text, lease_seq bigint, progress jsonb default null) returns text
language sql volatile security definer set search_path = '' as $$
  select runboard_internal.apply_write(jsonb_build_object('op', 'beat', 'run_id', run_id, 'lease_seq', lease_seq, 'progress', progress))
$$;
comment on function public.heartbeat_run(text, bigint, jsonb) is 'Extends one lease: ok, cancel_requested or lost.';
revoke execute on function public.heartbeat_run(text, bigint, jsonb) from public;
grant execute on function public.heartbeat_run(text, bigint, jsonb) to service_role, runboard_worker;
