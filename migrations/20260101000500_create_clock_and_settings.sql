-- Leases, due times and backoff are measured by one clock, the database's, because workers' clocks
-- differ. Tests replace this function to move time.
create function runboard_internal.clock() returns timestamptz
language sql volatile
return clock_timestamp();
comment on function runboard_internal.clock() is 'The time by which leases, due times and backoff are measured.';
revoke execute on function runboard_internal.clock() from public;
grant execute on function runboard_internal.clock() to authenticated, service_role, runboard_worker;

-- A missing setting is a broken installation, so it stops the caller instead of answering null.
create function runboard_internal.setting(key text) returns integer
language plpgsql stable set search_path = '' as $$
declare
  found_value integer;
begin
  select s.value into found_value from runboard_internal.settings as s where s.key = setting.key;
  if found_value is null then
    raise exception 'setting % is missing', setting.key;
  end if;
  return found_value;
end
$$;
comment on function runboard_internal.setting(text) is 'One number of the clockwork, in the unit its row names.';
revoke execute on function runboard_internal.setting(text) from public;
grant execute on function runboard_internal.setting(text) to service_role, runboard_worker;

insert into runboard_internal.settings (key, value, unit, meaning) values
  ('timeout_grace', 5000, 'ms', 'A worker that is alive has so long to end a run whose time is over before the sweep takes it.');
