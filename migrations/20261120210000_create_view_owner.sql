-- Policies may not call what works out the owner of a key, and need only the caller's own.
create function runboard_internal.view_owner() returns text
language sql stable security definer set search_path = '' as $$
  select runboard_internal.key_owner(runboard_internal.caller())
$$;
comment on function runboard_internal.view_owner() is 'Whose the views of the caller are.';
revoke execute on function runboard_internal.view_owner() from public;
grant execute on function runboard_internal.view_owner() to authenticated;
