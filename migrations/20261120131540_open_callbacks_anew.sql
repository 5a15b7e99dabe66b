-- Called by a step before its token leaves the house: an answer that comes at once finds its row.
create or replace function public.open_callback(run_id text, lease_seq bigint, step text, token_sha256 text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform public.assert_lease(run_id, lease_seq);
  insert into runboard_internal.run_callbacks as c (token_sha256, run_id, step, opened_at)
  values (open_callback.token_sha256, open_callback.run_id, open_callback.step, runboard_internal.clock())
  -- A token that has changed reaches its row as long as nobody has answered; what ended a wait before begins anew.
  on conflict on constraint run_callbacks_one_per_step do update
  set token_sha256 = excluded.token_sha256, opened_at = excluded.opened_at, answered_at = null, outcome = null, consumed_at = null
  where c.consumed_at is not null or (c.answered_at is null and c.token_sha256 <> excluded.token_sha256);
end
$$;
comment on function public.open_callback(text, bigint, text, text) is 'Opens the callback of a step of a held run under the hash of its token; asked again, it stays open, and an answer that has come stays until a wait has used it.';
