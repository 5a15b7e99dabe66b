-- How long history is kept. Nothing is thrown away until somebody says so.
create table public.retention (
  kind text primary key,
  days integer,
  meaning text not null,
  updated_by text,
  updated_at timestamptz,
  last_applied_at timestamptz,
  last_removed_count bigint,
  constraint retention_kind_known check (kind in ('logs', 'events', 'runs', 'bulk', 'alerts')),
  constraint retention_days_range check (days between 1 and 36500)
);
comment on table public.retention is 'Days that each kind of history is kept; null means for ever.';
insert into public.retention (kind, meaning) values
  ('logs', 'What steps printed. Whole days are dropped.'),
  ('events', 'The stories of runs. Whole days are dropped.'),
  ('runs', 'Runs that have ended, with their attempts, steps and artifacts.'),
  ('bulk', 'Bulk operations that have ended, with their lists.'),
  ('alerts', 'Alerts that are over, and the log of their messages.');
alter table public.retention enable row level security;
grant select on public.retention to authenticated, service_role;
create policy readers on public.retention for select to authenticated using ((select runboard_internal.may_read()));
create policy server on public.retention to service_role using (true) with check (true);

create index alerts_resolved on public.alerts (resolved_at) where resolved_at is not null;

insert into public.schedules (name, action, cron, zone, lane, catch_up, built_in, created_at, updated_at)
values ('Retention', 'retention.apply', '17 3 * * *', 'UTC', 'D', 'one', true, clock_timestamp(), clock_timestamp());
