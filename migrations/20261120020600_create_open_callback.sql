-- Called by a step before its token leaves the house: an answer that comes at once finds its row.
create function public.open_callback(run_id text, lease_seq bigint, step text, token_sha256 text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform public.assert_lease(run_id, lease_seq);
  insert into runboard_internal.run_callbacks (token_sha256, run_id, step, opened_at)
  values (open_callback.token_sha256, open_callback.run_id, open_callback.step, runboard_internal.clock())
  on conflict on constraint run_callbacks_one_per_step do nothing;
end
$$;
comment on function public.open_callback(text, bigint, text, text) is 'Opens the callback of a step of a held run under the hash of its token; asked again, nothing changes.';
revoke execute on function public.open_callback(text, bigint, text, text) from public;
grant execute on function public.open_callback(text, bigint, text, text) to service_role, runboard_worker;
