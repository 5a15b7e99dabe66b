-- Work that starts by itself at certain times. Cron and zones are read in Rust; what makes a tick happen
-- exactly once, and what may hold it back, is decided here, where all servers meet.
create table public.schedules (
  schedule_id uuid primary key default gen_random_uuid(),
  name text not null,
  template_slug text collate "C" references public.run_templates (slug),
  action text,
  params jsonb not null default '{}',
  options jsonb not null default '{}',
  scope jsonb,
  cron text not null,
  zone text not null default 'UTC',
  enabled boolean not null default false,
  lane text collate "C" references public.lanes (name),
  priority integer,
  catch_up text not null default 'none',
  daily_cap integer,
  quiet_from time,
  quiet_to time,
  built_in boolean not null default false,
  next_at timestamptz,
  problem text,
  last_at timestamptz,
  last_run_id text collate "C",
  last_outcome text,
  last_message text,
  version bigint not null default 1,
  created_by text not null default 'system',
  updated_by text not null default 'system',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint schedules_name_filled check (length(name) between 1 and 120),
  constraint schedules_one_work check ((template_slug is null) <> (action is null)),
  constraint schedules_cron_short check (length(cron) between 1 and 120),
  constraint schedules_catch_up_known check (catch_up in ('none', 'one', 'all')),
  constraint schedules_priority_range check (priority between 0 and 1000),
  constraint schedules_daily_cap_positive check (daily_cap > 0),
  constraint schedules_quiet_has_both check ((quiet_from is null) = (quiet_to is null)),
  constraint schedules_last_outcome_known check (last_outcome in ('fired', 'skipped', 'missed'))
);
comment on table public.schedules is 'What starts by itself at which times, and what holds it back.';
comment on column public.schedules.cron is 'Five fields: minute, hour, day of month, month, day of week.';
comment on column public.schedules.zone is 'IANA name of the zone in which the cron, the daily cap and the quiet hours are meant.';
comment on column public.schedules.lane is 'Null means the lane of the template or action.';
comment on column public.schedules.catch_up is 'What becomes of times that passed while no server ran: none of them, one for all, or all up to a bound.';
comment on column public.schedules.daily_cap is 'Runs it may start in one day of its zone; null means any number.';
comment on column public.schedules.quiet_from is 'From this time of day in its zone until quiet_to it starts nothing; the span may cross midnight.';
comment on column public.schedules.built_in is 'Comes with Runboard: it can be changed and paused, not deleted.';
comment on column public.schedules.next_at is 'When it is due; null while it is enabled: a server has yet to work it out.';
comment on column public.schedules.problem is 'Why no next time could be worked out.';
create unique index schedules_name on public.schedules (lower(name));
create index schedules_due on public.schedules (next_at) where enabled;

create table public.schedule_ticks (
  tick_id bigint generated always as identity primary key,
  schedule_id uuid not null references public.schedules (schedule_id) on delete cascade,
  tick_at timestamptz not null,
  at timestamptz not null,
  outcome text not null,
  run_id text collate "C",
  code text,
  message text,
  missed_count integer,
  constraint schedule_ticks_outcome_known check (outcome in ('fired', 'skipped', 'missed')),
  constraint schedule_ticks_fired_has_run check ((outcome = 'fired') = (run_id is not null))
);
comment on table public.schedule_ticks is 'What became of each time a schedule was due, for thirty days.';
comment on column public.schedule_ticks.tick_at is 'The time the cron named.';
comment on column public.schedule_ticks.at is 'When a server dealt with it.';
comment on column public.schedule_ticks.code is 'What held it back: quiet_hours, daily_cap, missed, or the code of the refusal.';
comment on column public.schedule_ticks.missed_count is 'How many times of the cron this row stands for.';
-- Beside the lock of the schedule: whatever goes wrong, one time of a cron starts one run.
create unique index schedule_ticks_once on public.schedule_ticks (schedule_id, tick_at) where outcome = 'fired';
create index schedule_ticks_recent on public.schedule_ticks (schedule_id, at desc);

alter table public.schedules enable row level security;
alter table public.schedule_ticks enable row level security;
grant select on public.schedules, public.schedule_ticks to authenticated, service_role;
create policy readers on public.schedules for select to authenticated using ((select runboard_internal.may_read()));
create policy readers on public.schedule_ticks for select to authenticated using ((select runboard_internal.may_read()));
create policy server on public.schedules to service_role using (true) with check (true);
create policy server on public.schedule_ticks to service_role using (true) with check (true);
