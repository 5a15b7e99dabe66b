-- Roles follow Supabase, so that PostgREST and a plain Postgres read the same policies.
-- Roles belong to the cluster: another database may be creating them at this moment.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['anon', 'authenticated', 'service_role', 'runboard_worker'] loop
    begin
      execute format('create role %I nologin noinherit', role_name);
    exception
      when duplicate_object or unique_violation then null;
    end;
  end loop;
  -- The role that migrates must be able to act as each of them.
  foreach role_name in array array['anon', 'authenticated', 'service_role', 'runboard_worker'] loop
    begin
      if not pg_has_role(current_user, role_name, 'member') then
        execute format('grant %I to %I', role_name, current_user);
      end if;
    exception
      when unique_violation or insufficient_privilege then null;
    end;
  end loop;
end
$$;

create schema if not exists runboard_internal;
comment on schema runboard_internal is 'Hot queue tables and helpers; not exposed to PostgREST.';
revoke all on schema runboard_internal from public;
grant usage on schema runboard_internal to authenticated, service_role, runboard_worker;
grant usage on schema public to anon, authenticated, service_role, runboard_worker;
-- Functions are granted one by one, by role.
alter default privileges in schema public revoke execute on functions from public;
alter default privileges revoke execute on functions from public;
