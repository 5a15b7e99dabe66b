-- The end of an attempt as its worker saw it. Whether that is the end of the run is decided here, where
-- the budget of attempts is known.
create function public.complete_run(
  run_id text, lease_seq bigint, status text, result jsonb default null, error jsonb default null, retryable boolean default false
) returns text
language sql volatile security definer set search_path = '' as $$
  select runboard_internal.apply_write(jsonb_build_object('op', 'complete', 'run_id', run_id, 'lease_seq', lease_seq,
    'status', status, 'result', result, 'error', error, 'retryable', retryable))
$$;
comment on function public.complete_run(text, bigint, text, jsonb, jsonb, boolean) is 'Ends an attempt as success, failed or canceled: ok, lost, or requeued for another try.';
revoke execute on function public.complete_run(text, bigint, text, jsonb, jsonb, boolean) from public;
grant execute on function public.complete_run(text, bigint, text, jsonb, jsonb, boolean) to service_role, runboard_worker;
