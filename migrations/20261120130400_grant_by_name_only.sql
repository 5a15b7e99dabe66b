-- An installation on Supabase that is older than the taking back of its default grants has given away what column
-- grants and revokes were to hide: hashes, ciphers, and functions that ask for less than their callers may. All of it
-- is taken back here, and what was meant is granted again.
do $$
declare
  ours record;
  of_the_server constant text[] := array[
    'announce_upload', 'answer_callback', 'append_events', 'append_log', 'apply_bulk', 'apply_retention',
    'assert_lease', 'claim_deliveries', 'claim_runs', 'complete_run', 'complete_runs', 'deregister_worker',
    'evaluate_alerts', 'finish_delivery', 'finish_runs', 'finish_upload', 'fire_schedule', 'forget_objects',
    'heartbeat_run', 'heartbeat_runs', 'heartbeat_worker', 'open_callback', 'plan_schedule', 'put_artifact',
    'record_step', 'register_worker', 'release_run', 'save_template', 'settle_bulks', 'settled_steps',
    'start_child_run', 'suspend_run', 'take_unused_objects', 'write_runs'];
begin
  -- Who has never logged in has nothing here; if it has, the defaults were in force.
  if not has_table_privilege('anon', 'public.users', 'select') then
    return;
  end if;
  revoke all on
    public.alert_channels, public.alert_deliveries, public.alert_rules, public.alerts, public.api_tokens,
    public.artifacts, public.audit_log, public.bulk_operations, public.lanes, public.login_links,
    public.login_sessions, public.retention, public.run_attempts, public.run_events, public.run_log_chunks,
    public.run_steps, public.run_template_versions, public.run_templates, public.runs, public.schedule_ticks,
    public.schedules, public.secrets, public.users, public.workers
    from anon, authenticated, service_role;
  revoke all on sequence
    public.alert_deliveries_delivery_id_seq, public.alerts_alert_id_seq, public.audit_log_audit_id_seq,
    public.schedule_ticks_tick_id_seq
    from anon, authenticated, service_role;
  grant select on
    public.alert_deliveries, public.alert_rules, public.alerts, public.artifacts, public.bulk_operations,
    public.lanes, public.retention, public.run_attempts, public.run_events, public.run_log_chunks,
    public.run_steps, public.run_template_versions, public.run_templates, public.runs, public.schedule_ticks,
    public.schedules, public.workers
    to authenticated, service_role;
  grant delete, insert, select, update on public.alert_channels, public.login_links, public.login_sessions, public.secrets to service_role;
  grant insert, select on public.audit_log to service_role;
  grant insert, select, update on public.api_tokens, public.users to service_role;
  grant select on public.audit_log to authenticated;
  grant select (channel_id, name, url, kinds, min_severity, enabled, version, created_by, updated_by, created_at, updated_at)
    on public.alert_channels to authenticated;
  grant select (token_id, name, prefix, role, actions, spreadsheets, created_by, created_at, expires_at, revoked_at, last_used_at)
    on public.api_tokens to authenticated;
  grant select (user_id, created_at, expires_at, used_at)
    on public.login_links to authenticated;
  grant select (user_id, created_at, expires_at, revoked_at, user_agent)
    on public.login_sessions to authenticated;
  grant select (name, created_at, updated_at, updated_by)
    on public.secrets to authenticated;
  grant select (user_id, email, display_name, role, disabled_at, created_at, last_login_at)
    on public.users to authenticated;

  for ours in
    select p.oid::regprocedure as name, p.proname from pg_catalog.pg_proc as p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef and pg_catalog.pg_get_userbyid(p.proowner) = current_user
      and not exists (select from pg_catalog.pg_depend as d where d.objid = p.oid and d.deptype = 'e')
  loop
    execute format('revoke execute on function %s from anon', ours.name);
    if ours.proname = any (of_the_server) then
      execute format('revoke execute on function %s from authenticated', ours.name);
    end if;
  end loop;
end
$$;
