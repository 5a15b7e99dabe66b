-- Called by every server at its start. Nothing is taken away: while a new release comes in, servers of both
-- run side by side, and the old one must not forbid what only the new one knows.
create function runboard_internal.keep_actions(actions jsonb) returns void
language sql volatile security definer set search_path = '' as $$
  insert into runboard_internal.actions as a (name, role, kept_at)
  select said.name, said.role, runboard_internal.clock()
  from jsonb_to_recordset(keep_actions.actions) as said(name text, role text)
  order by said.name
  on conflict on constraint actions_pkey do update set role = excluded.role, kept_at = excluded.kept_at
$$;
comment on function runboard_internal.keep_actions(jsonb) is 'Notes the actions of a server: [{name, role}].';
revoke execute on function runboard_internal.keep_actions(jsonb) from public;
grant execute on function runboard_internal.keep_actions(jsonb) to service_role;
