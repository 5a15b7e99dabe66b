-- Bytes that no artifact names go by themselves: every day a server starts the run that removes them, unless
-- somebody has a schedule for it already. It can be changed and paused like any other.
insert into public.schedules (name, action, cron, zone, lane, catch_up, enabled, built_in, created_at, updated_at)
select
  case when exists (select from public.schedules as s where lower(s.name) = 'artifact sweep') then 'Artifact sweep, built in' else 'Artifact sweep' end,
  'artifacts.sweep', '47 3 * * *', 'UTC', 'D', 'one',
  not exists (select from public.schedules as s where s.action = 'artifacts.sweep'), true, clock_timestamp(), clock_timestamp();
