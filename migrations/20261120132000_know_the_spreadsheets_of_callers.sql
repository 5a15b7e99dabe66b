-- Who calls is decided in one place. A token may be for some spreadsheets, which are then those of its holder.
create or replace function runboard_internal.caller() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  acting text := coalesce(nullif(current_setting('role', true), 'none'), session_user);
  claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
  is_owner boolean := pg_has_role(acting, current_user, 'member');
  someone jsonb;
begin
  -- The setting only says that a look is worth while; the row decides.
  if current_setting('runboard.acting_as', true) = 'on' then
    select a.caller into someone from runboard_internal.acting_as as a where a.xid = pg_current_xact_id_if_assigned();
    if someone is not null then
      return someone;
    end if;
  end if;
  if claims -> 'app_metadata' ->> 'runboard_role' is not null
     and (acting in ('authenticated', 'service_role') or is_owner) then
    return jsonb_build_object(
      'subject', claims ->> 'sub',
      'actor', coalesce(claims ->> 'actor', claims ->> 'email', claims ->> 'sub', 'unknown'),
      'role', claims -> 'app_metadata' ->> 'runboard_role',
      'via', coalesce(claims ->> 'via', 'token'),
      'person', true
    ) || case when jsonb_typeof(claims -> 'app_metadata' -> 'runboard_spreadsheets') = 'array'
      then jsonb_build_object('spreadsheets', claims -> 'app_metadata' -> 'runboard_spreadsheets') else '{}' end;
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
comment on function runboard_internal.caller() is 'Who calls: {subject, actor, role, via, person, spreadsheets?}; role is null for nobody.';
