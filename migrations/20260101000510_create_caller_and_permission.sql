-- Every refusal has the same shape, so that the HTTP server, PostgREST and psql can tell people the
-- same thing: a sentence, a stable code, the field, what to do. PostgREST turns PT404 into HTTP 404.
create function runboard_internal.refuse(
  status integer, code text, message text, hint text default null, field text default null
) returns void
language plpgsql set search_path = '' as $$
begin
  raise exception using
    errcode = 'PT' || status,
    message = refuse.message,
    hint = coalesce(refuse.hint, ''),
    detail = jsonb_strip_nulls(jsonb_build_object('code', refuse.code, 'field', refuse.field))::text;
end
$$;
comment on function runboard_internal.refuse(integer, text, text, text, text) is 'Raises the one kind of error callers are meant to read.';
revoke execute on function runboard_internal.refuse(integer, text, text, text, text) from public;

-- Who calls is decided in one place. Claims count only for the roles that carry a proven person
-- (PostgREST and the server set them); a worker's connection cannot make itself an admin with them.
-- Security definer: inside, current_user is the owner of the schema, the one role that may do all.
create function runboard_internal.caller() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  acting text := coalesce(nullif(current_setting('role', true), 'none'), session_user);
  claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
  is_owner boolean := pg_has_role(acting, current_user, 'member');
begin
  if claims -> 'app_metadata' ->> 'runboard_role' is not null
     and (acting in ('authenticated', 'service_role') or is_owner) then
    return jsonb_build_object(
      'subject', claims ->> 'sub',
      'actor', coalesce(claims ->> 'actor', claims ->> 'email', claims ->> 'sub', 'unknown'),
      'role', claims -> 'app_metadata' ->> 'runboard_role',
      'via', coalesce(claims ->> 'via', 'token'),
      'person', true
    );
  end if;
  return jsonb_build_object(
    'subject', null,
    'actor', case when acting in ('anon', 'authenticated') then 'nobody' else 'system' end,
    'role', case
      when acting in ('anon', 'authenticated') then null
      when acting = 'service_role' or is_owner then 'admin'
      when pg_has_role(acting, 'runboard_worker', 'member') then 'worker'
    end,
    'via', 'sql',
    'person', false
  );
end
$$;
comment on function runboard_internal.caller() is 'Who calls: {subject, actor, role, via, person}; role is null for nobody.';
revoke execute on function runboard_internal.caller() from public;
grant execute on function runboard_internal.caller() to authenticated, service_role, runboard_worker;

-- Roles of people stand in a row; worker stands apart and includes nothing.
create function runboard_internal.role_rank(role text) returns integer
language sql immutable
return case role when 'viewer' then 1 when 'planner' then 2 when 'operator' then 3 when 'admin' then 4 else 0 end;
comment on function runboard_internal.role_rank(text) is 'Rank of a role of people; 0 for worker and for nobody.';
revoke execute on function runboard_internal.role_rank(text) from public;

-- Security definer functions must check their caller themselves: this is that check.
create function runboard_internal.require(min_role text) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  who jsonb := runboard_internal.caller();
begin
  if runboard_internal.role_rank(who ->> 'role') < runboard_internal.role_rank(min_role)
     or (min_role = 'worker' and who ->> 'role' is distinct from 'worker' and who ->> 'role' is distinct from 'admin') then
    perform runboard_internal.refuse(403, 'forbidden',
      format('This needs the role %s.', min_role), 'Ask an administrator for the role.');
  end if;
  return who;
end
$$;
comment on function runboard_internal.require(text) is 'Refuses callers below a role; answers the caller. Worker means a worker or the system itself.';
revoke execute on function runboard_internal.require(text) from public;

-- Policies call these through (select …), so that Postgres asks once per statement, not per row.
create function runboard_internal.may_read() returns boolean
language sql stable security definer set search_path = '' as $$
  select runboard_internal.role_rank(runboard_internal.caller() ->> 'role') >= 1
$$;
comment on function runboard_internal.may_read() is 'Whether the caller may read runs, lanes, templates and workers.';
create function runboard_internal.may_administer() returns boolean
language sql stable security definer set search_path = '' as $$
  select runboard_internal.role_rank(runboard_internal.caller() ->> 'role') >= 4
$$;
comment on function runboard_internal.may_administer() is 'Whether the caller may read users, tokens, secrets and the audit log.';
revoke execute on function runboard_internal.may_read(), runboard_internal.may_administer() from public;
grant execute on function runboard_internal.may_read(), runboard_internal.may_administer() to authenticated;
