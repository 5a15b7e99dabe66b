-- What a step printed. Lines are joined by newlines without one at the end; numbering over the whole
-- run happens here, under the lock of the lease, so that a chunk sent twice is numbered once.
create function public.append_log(
  run_id text, lease_seq bigint, step text, seq integer, lines text,
  at timestamptz default null, offsets_ms integer[] default null, streams text default null
) returns text
language sql volatile security definer set search_path = '' as $$
  select runboard_internal.apply_write(jsonb_build_object('op', 'log', 'run_id', run_id, 'lease_seq', lease_seq,
    'step', step, 'seq', seq, 'lines', lines, 'at', at, 'offsets_ms', offsets_ms, 'streams', streams))
$$;
comment on function public.append_log(text, bigint, text, integer, text, timestamptz, integer[], text) is 'Adds a chunk of log lines of a lease: ok or lost.';
revoke execute on function public.append_log(text, bigint, text, integer, text, timestamptz, integer[], text) from public;
grant execute on function public.append_log(text, bigint, text, integer, text, timestamptz, integer[], text) to service_role, runboard_worker;
