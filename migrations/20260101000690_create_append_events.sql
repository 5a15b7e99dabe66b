-- What a worker says about a run. It numbers its events itself, so sending them again changes nothing.
create function public.append_events(run_id text, lease_seq bigint, events jsonb) returns text
language sql volatile security definer set search_path = '' as $$
  select runboard_internal.apply_write(jsonb_build_object('op', 'events', 'run_id', run_id, 'lease_seq', lease_seq, 'events', events))
$$;
comment on function public.append_events(text, bigint, jsonb) is 'Adds events [{seq, kind, message, data?, at?}] of a lease: ok or lost.';
revoke execute on function public.append_events(text, bigint, jsonb) from public;
grant execute on function public.append_events(text, bigint, jsonb) to service_role, runboard_worker;
