-- The ledger. `runs` is cold: written at enqueue, claim and finish only. What changes while a run
-- moves lives in the small tables of runboard_internal (docs/decisions/0001-hot-and-cold-tables.md).
create table public.runs (
  run_id text collate "C" primary key,
  title text not null,
  action text,
  template_slug text collate "C",
  template_version integer,
  env text not null default 'default',
  lane text collate "C" not null references public.lanes (name),
  priority integer not null default 100,
  status text not null default 'queued',
  reason text,
  params jsonb not null default '{}',
  scope jsonb,
  sheet_context jsonb,
  options jsonb not null default '{}',
  requested_by jsonb not null default '{}',
  session_id text,
  parent_run_id text collate "C",
  idempotency_key text,
  concurrency_key text,
  attempt integer not null default 0,
  max_attempts integer not null default 3,
  crash_count integer not null default 0,
  run_after timestamptz,
  timeout_seconds integer,
  steps_total integer not null default 0,
  progress jsonb,
  result jsonb,
  error jsonb,
  cancel_requested_at timestamptz,
  cancel_reason text,
  created_at timestamptz not null,
  queued_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  spreadsheet_id text,
  tab text,
  log_line_count bigint not null default 0,
  version bigint not null default 1,
  constraint runs_run_id_form check (run_id ~ '^run_\d{8}_\d{6}_[a-z2-7]{8}$'),
  constraint runs_says_what check (action is not null or template_slug is not null),
  constraint runs_template_has_version check ((template_slug is null) = (template_version is null)),
  constraint runs_template_exists foreign key (template_slug, template_version) references public.run_template_versions (slug, version),
  constraint runs_status_known check (status in ('queued', 'running', 'waiting', 'success', 'failed', 'canceled')),
  constraint runs_finished_iff_final check ((finished_at is not null) = (status in ('success', 'failed', 'canceled'))),
  constraint runs_priority_range check (priority between 0 and 1000),
  constraint runs_max_attempts_positive check (max_attempts > 0),
  constraint runs_timeout_positive check (timeout_seconds > 0)
) with (fillfactor = 50);
-- Half of each page is left free: a claim rewrites its rows beside the old ones, no index follows, and the
-- space is used again at the finish. So no index of this table may name a column that a claim changes
-- (status, attempt, started_at, version), not even in its predicate.
comment on table public.runs is 'The one ledger: everything that happens is a run.';
comment on column public.runs.run_id is 'Known to people; UTC second of its making plus 40 random bits in base32.';
comment on column public.runs.title is 'What a person called it: the title of its template or action.';
comment on column public.runs.priority is '0 first, 1000 last.';
comment on column public.runs.reason is 'Why a final run ended so: step_failed, timeout, worker_lost, invalid_input, attempts_exhausted, canceled_by_person.';
comment on column public.runs.attempt is 'Tries begun so far; a try given back in an orderly shutdown does not count.';
comment on column public.runs.crash_count is 'Tries that ended because their worker vanished.';
comment on column public.runs.version is 'Grows with every change; readers add the version of the lease while the run is running.';
create index runs_created on public.runs (created_at desc, run_id desc);
create index runs_finished on public.runs (lane, finished_at desc) where finished_at is not null;
create index runs_parent on public.runs (parent_run_id) where parent_run_id is not null;

-- Final states are absorbing: no statement, whoever wrote it, may leave one.
create function runboard_internal.keep_final_runs_final() returns trigger
language plpgsql set search_path = '' as $$
begin
  if old.finished_at is not null and (new.status <> old.status or new.finished_at is distinct from old.finished_at) then
    raise exception using errcode = 'PT409', message = format('The run %s has ended as %s.', old.run_id, old.status),
      detail = '{"code":"run_is_final"}', hint = 'Start it again with rerun_run.';
  end if;
  return new;
end
$$;
create trigger runs_keep_final before update of status, finished_at on public.runs
  for each row when (old.finished_at is not null) execute function runboard_internal.keep_final_runs_final();

-- The hot tables have no foreign key to `runs`: only functions write them, and each check would lock and
-- log a row of the cold table (measured: an eighth of a burn-down).
create sequence runboard_internal.queue_seq as bigint cache 1;
create table runboard_internal.run_queue (
  run_id text collate "C" primary key,
  lane text collate "C" not null,
  priority integer not null,
  seq bigint not null default nextval('runboard_internal.queue_seq'),
  queued_at timestamptz not null,
  kinds text[] not null default '{}',
  concurrency_key text,
  coalesce_key text
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200, vacuum_truncate = off);
comment on table runboard_internal.run_queue is 'Runs that are due now, and nothing else.';
comment on column runboard_internal.run_queue.kinds is 'Step kinds a worker must serve to run this.';
create index run_queue_claim on runboard_internal.run_queue (lane, priority, seq);
create index run_queue_coalesce on runboard_internal.run_queue (coalesce_key) where coalesce_key is not null;

create table runboard_internal.run_deferred (
  run_id text collate "C" primary key,
  due_at timestamptz not null,
  lane text collate "C" not null,
  priority integer not null,
  kinds text[] not null default '{}',
  concurrency_key text,
  coalesce_key text,
  comes_back boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200, vacuum_truncate = off);
comment on table runboard_internal.run_deferred is 'Queued runs that are not due yet: scheduled, or waiting out a backoff.';
comment on column runboard_internal.run_deferred.comes_back is 'It was running before: it goes to the front of its priority when it is due.';
create index run_deferred_due on runboard_internal.run_deferred (due_at);
create index run_deferred_coalesce on runboard_internal.run_deferred (coalesce_key) where coalesce_key is not null;

create sequence runboard_internal.lease_seq as bigint cache 1;
create table runboard_internal.run_leases (
  run_id text collate "C" primary key,
  lease_seq bigint not null,
  worker_id uuid not null,
  lane text collate "C" not null,
  concurrency_key text,
  attempt integer not null,
  claimed_at timestamptz not null,
  day date not null,
  heartbeat_at timestamptz not null,
  expires_at timestamptz not null,
  deadline_at timestamptz,
  cancel_requested_at timestamptz,
  steps_done integer not null default 0,
  current_step text,
  progress jsonb,
  log_line_count bigint not null default 0,
  version bigint not null default 0
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200, vacuum_truncate = off);
comment on table runboard_internal.run_leases is 'One row per running run: who holds it, until when. No index on what a heartbeat changes.';
comment on column runboard_internal.run_leases.day is 'Partition of every event and log line of this lease, so that a resend meets its first copy.';
create index run_leases_lane on runboard_internal.run_leases (lane);
create index run_leases_worker on runboard_internal.run_leases (worker_id);
create index run_leases_key on runboard_internal.run_leases (concurrency_key) where concurrency_key is not null;

create table runboard_internal.idempotency_keys (
  caller text not null,
  key text not null,
  body_hash text not null,
  run_id text collate "C" not null references public.runs (run_id) on delete cascade,
  expires_at timestamptz not null,
  primary key (caller, key)
);
comment on table runboard_internal.idempotency_keys is 'A key of one caller names one run for 24 hours.';
create index idempotency_keys_expiry on runboard_internal.idempotency_keys (expires_at);

create table runboard_internal.settings (
  key text primary key,
  value integer not null,
  unit text not null,
  meaning text not null,
  constraint settings_value_positive check (value > 0)
);
comment on table runboard_internal.settings is 'Clockwork of the control plane, editable.';
insert into runboard_internal.settings (key, value, unit, meaning) values
  ('lease', 20000, 'ms', 'A run whose worker is silent for so long is given to another.'),
  ('heartbeat', 5000, 'ms', 'How often a worker says it is alive and renews its leases.'),
  ('sweep', 5000, 'ms', 'How often every worker looks for expired leases.'),
  ('max_crashes', 3, 'count', 'A run that lost its worker so often is failed as worker_lost.'),
  ('backoff_initial', 1000, 'ms', 'First backoff of a run whose template names none.'),
  ('backoff_cap', 300000, 'ms', 'No backoff is longer.'),
  ('cancel_grace', 15000, 'ms', 'A cancel that is older may be forced.'),
  ('idempotency_ttl', 86400, 's', 'How long an idempotency key names its run.');
