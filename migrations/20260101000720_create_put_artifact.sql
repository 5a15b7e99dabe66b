-- What a step left behind; a name is unique in a step of a lease, so sending it again changes nothing.
create function public.put_artifact(run_id text, lease_seq bigint, artifact jsonb) returns text
language sql volatile security definer set search_path = '' as $$
  select runboard_internal.apply_write(jsonb_build_object('op', 'artifact', 'run_id', run_id, 'lease_seq', lease_seq, 'artifact', artifact))
$$;
comment on function public.put_artifact(text, bigint, jsonb) is 'Keeps an artifact {step, name, kind, content_type, sha256, size_bytes, inline_base64 | storage_url}: ok or lost.';
revoke execute on function public.put_artifact(text, bigint, jsonb) from public;
grant execute on function public.put_artifact(text, bigint, jsonb) to service_role, runboard_worker;
