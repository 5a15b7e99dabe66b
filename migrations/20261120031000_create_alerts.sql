-- What a person should hear of without looking: rules, the alerts they open, where the alerts are sent, and
-- the outbox of what is still to be sent. An alert that stays is one row, not one row per look.
create table public.alert_rules (
  kind text primary key,
  title text not null,
  severity text not null,
  enabled boolean not null default true,
  threshold integer not null,
  unit text not null,
  window_seconds integer not null,
  meaning text not null,
  updated_by text,
  updated_at timestamptz,
  constraint alert_rules_severity_known check (severity in ('info', 'warning', 'critical')),
  constraint alert_rules_threshold_positive check (threshold > 0),
  constraint alert_rules_window_positive check (window_seconds > 0)
);
comment on table public.alert_rules is 'What opens an alert, with its threshold.';
insert into public.alert_rules (kind, title, severity, threshold, unit, window_seconds, meaning) values
  ('run_stuck', 'A run is stuck', 'warning', 30, 's', 60, 'Its worker has been silent for so long after its lease ended, and nobody has taken it over.'),
  ('run_failed', 'A run failed for good', 'warning', 1, 'count', 3600, 'So many runs of the same work failed for good in the window. Ends when none has for that long, or the work succeeds again.'),
  ('no_worker', 'Nobody works on a lane', 'critical', 60, 's', 60, 'Due runs have waited so long in a lane that no live worker serves.'),
  ('queue_age', 'A lane is behind', 'warning', 600, 's', 60, 'The oldest due run of a lane has waited so long.'),
  ('failure_rate', 'Too many runs fail', 'critical', 50, 'percent', 900, 'Of at least ten runs that ended in the window, so many failed.');

create table public.alerts (
  alert_id bigint generated always as identity primary key,
  kind text not null references public.alert_rules (kind),
  key text not null,
  severity text not null,
  message text not null,
  hint text,
  data jsonb not null default '{}',
  lane text collate "C",
  run_id text collate "C",
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  resolved_at timestamptz,
  constraint alerts_severity_known check (severity in ('info', 'warning', 'critical'))
);
comment on table public.alerts is 'What is or was wrong, once for as long as it stays so.';
comment on column public.alerts.key is 'What it is about: a run, a lane, a template or action, or the installation.';
create unique index alerts_open_once on public.alerts (kind, key) where resolved_at is null;
create index alerts_recent on public.alerts (opened_at desc, alert_id desc);

create table public.alert_channels (
  channel_id uuid primary key default gen_random_uuid(),
  name text not null,
  url text not null,
  nonce bytea not null,
  ciphertext bytea not null,
  kinds text[],
  min_severity text not null default 'info',
  enabled boolean not null default true,
  version bigint not null default 1,
  created_by text not null,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint alert_channels_name_filled check (length(name) between 1 and 120),
  constraint alert_channels_url_form check (url ~ '^https?://' and length(url) <= 2000),
  constraint alert_channels_severity_known check (min_severity in ('info', 'warning', 'critical'))
);
comment on table public.alert_channels is 'Webhooks that hear of alerts. The secret that signs is sealed with the key of this installation.';
comment on column public.alert_channels.kinds is 'Rules it hears of; null means all.';
create unique index alert_channels_name on public.alert_channels (lower(name));

create table public.alert_deliveries (
  delivery_id bigint generated always as identity primary key,
  channel_id uuid not null references public.alert_channels (channel_id) on delete cascade,
  alert_id bigint references public.alerts (alert_id) on delete cascade,
  event text not null,
  body jsonb not null,
  created_at timestamptz not null,
  next_try_at timestamptz,
  try_count integer not null default 0,
  delivered_at timestamptz,
  gave_up_at timestamptz,
  last_status integer,
  last_error text,
  last_answer text,
  constraint alert_deliveries_event_known check (event in ('opened', 'resolved', 'test')),
  constraint alert_deliveries_ends_once check (delivered_at is null or gave_up_at is null),
  constraint alert_deliveries_open_has_time check ((next_try_at is null) = (delivered_at is not null or gave_up_at is not null))
);
comment on table public.alert_deliveries is 'The outbox of the channels, and the log of what became of each message.';
create index alert_deliveries_due on public.alert_deliveries (next_try_at) where next_try_at is not null;
create index alert_deliveries_channel on public.alert_deliveries (channel_id, delivery_id desc);
create index alert_deliveries_alert on public.alert_deliveries (alert_id);

alter table public.alert_rules enable row level security;
alter table public.alerts enable row level security;
alter table public.alert_channels enable row level security;
alter table public.alert_deliveries enable row level security;
grant select on public.alert_rules, public.alerts to authenticated, service_role;
grant select (channel_id, name, url, kinds, min_severity, enabled, version, created_by, updated_by, created_at, updated_at)
  on public.alert_channels to authenticated;
grant select on public.alert_deliveries to authenticated;
grant select, insert, update, delete on public.alert_channels to service_role;
grant select on public.alert_deliveries to service_role;
create policy readers on public.alert_rules for select to authenticated using ((select runboard_internal.may_read()));
create policy readers on public.alerts for select to authenticated using ((select runboard_internal.may_read()));
-- Addresses of webhooks may be internal, and some carry a token in their path.
create policy administrators on public.alert_channels for select to authenticated using ((select runboard_internal.may_administer()));
create policy administrators on public.alert_deliveries for select to authenticated using ((select runboard_internal.may_administer()));
create policy server on public.alert_rules to service_role using (true) with check (true);
create policy server on public.alerts to service_role using (true) with check (true);
create policy server on public.alert_channels to service_role using (true) with check (true);
create policy server on public.alert_deliveries to service_role using (true) with check (true);
