-- Who may see which row, once for the server, PostgREST and psql. Nobody changes a run's state by
-- writing a table: authenticated callers get select only, and functions do the rest after asking
-- runboard_internal.require. Policies wrap their question in (select …): asked once per statement.
do $$
declare
  found record;
begin
  -- Every table of both schemas, partitions included: a partition has no policy and no grant, so it
  -- is read through its parent only.
  for found in
    select c.oid::regclass as name from pg_class as c
    where c.relnamespace in ('public'::regnamespace, 'runboard_internal'::regnamespace) and c.relkind in ('r', 'p')
      and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
      and c.relname <> '_sqlx_migrations'
  loop
    execute format('alter table %s enable row level security', found.name);
  end loop;
end
$$;

-- Read by everybody with a role.
do $$
declare
  readable text;
begin
  foreach readable in array array[
    'public.lanes', 'public.run_templates', 'public.run_template_versions', 'public.runs', 'public.run_attempts', 'public.run_steps',
    'public.run_events', 'public.run_log_chunks', 'public.artifacts', 'public.workers',
    'runboard_internal.run_queue', 'runboard_internal.run_deferred', 'runboard_internal.run_leases', 'runboard_internal.settings'
  ] loop
    execute format('grant select on %s to authenticated, service_role', readable);
    execute format('create policy readers on %s for select to authenticated using ((select runboard_internal.may_read()))', readable);
    execute format('create policy server on %s to service_role using (true) with check (true)', readable);
  end loop;
end
$$;

-- Read by administrators, without the hashes and ciphers, which only the server compares.
do $$
declare
  guarded text;
begin
  foreach guarded in array array['users', 'login_links', 'login_sessions', 'api_tokens', 'secrets', 'audit_log'] loop
    execute format('create policy administrators on public.%I for select to authenticated using ((select runboard_internal.may_administer()))', guarded);
    execute format('create policy server on public.%I to service_role using (true) with check (true)', guarded);
  end loop;
end
$$;
grant select (user_id, email, display_name, role, disabled_at, created_at, last_login_at) on public.users to authenticated;
grant select (user_id, created_at, expires_at, used_at) on public.login_links to authenticated;
grant select (user_id, created_at, expires_at, revoked_at, user_agent) on public.login_sessions to authenticated;
grant select (token_id, name, prefix, role, actions, spreadsheets, created_by, created_at, expires_at, revoked_at, last_used_at)
  on public.api_tokens to authenticated;
grant select (name, created_at, updated_at, updated_by) on public.secrets to authenticated;
grant select on public.audit_log to authenticated;

-- What the server writes itself, after its own permission check.
grant select, insert, update on public.users, public.api_tokens to service_role;
grant select, insert, update, delete on public.login_links, public.login_sessions, public.secrets to service_role;
grant insert, update on public.run_templates, public.run_template_versions to service_role;
grant select, insert on public.audit_log to service_role;
grant update on runboard_internal.settings to service_role;

-- A worker calls functions; beside them it reads where work flows and what its steps are given.
grant select on public.lanes, public.run_templates, public.run_template_versions, public.secrets, runboard_internal.settings to runboard_worker;
create policy workers on public.lanes for select to runboard_worker using (true);
create policy workers on public.run_templates for select to runboard_worker using (true);
create policy workers on public.run_template_versions for select to runboard_worker using (true);
create policy workers on public.secrets for select to runboard_worker using (true);
create policy workers on runboard_internal.settings for select to runboard_worker using (true);

-- The server says whether it is ready: it compares this ledger with the migrations it was built with.
do $$
begin
  if to_regclass('public._sqlx_migrations') is not null then
    grant select on public._sqlx_migrations to service_role;
  end if;
end
$$;
