-- A run that waits for a person, a callback, a time or another run holds no slot and no lease. It is in
-- no queue either: what it waits for, and all that is needed to put it back, stands in one small row.
create table runboard_internal.run_waits (
  run_id text collate "C" primary key,
  step text not null,
  kind text not null,
  role text,
  message text,
  opened_at timestamptz not null,
  due_at timestamptz,
  on_timeout text,
  data jsonb,
  lane text collate "C" not null,
  priority integer not null,
  kinds text[] not null default '{}',
  concurrency_key text,
  constraint run_waits_kind_known check (kind in ('approval', 'callback', 'timer', 'run')),
  constraint run_waits_role_known check (role in ('viewer', 'planner', 'operator', 'admin')),
  constraint run_waits_approval_has_role check (kind <> 'approval' or role is not null),
  constraint run_waits_timer_has_due check (kind <> 'timer' or due_at is not null),
  constraint run_waits_on_timeout_known check (on_timeout in ('approve', 'reject', 'fail'))
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200, vacuum_truncate = off);
comment on table runboard_internal.run_waits is 'One row per waiting run. It keeps its concurrency key: nobody passes it while it waits.';
comment on column runboard_internal.run_waits.role is 'Lowest role that may approve.';
comment on column runboard_internal.run_waits.due_at is 'When the wait ends by itself; null means never.';
comment on column runboard_internal.run_waits.on_timeout is 'What the end of the time decides: approve, reject, or fail the run.';
comment on column runboard_internal.run_waits.data is 'What the kind of wait needs to know, such as the run_id of the run that is waited for.';
create index run_waits_due on runboard_internal.run_waits (due_at) where due_at is not null;
create index run_waits_key on runboard_internal.run_waits (concurrency_key) where concurrency_key is not null;
alter table runboard_internal.run_waits enable row level security;

alter table public.run_attempts
  drop constraint run_attempts_outcome_known,
  add constraint run_attempts_outcome_known check (outcome in ('success', 'failed', 'canceled', 'retried', 'lost', 'timeout', 'released', 'suspended'));
alter table public.run_steps
  drop constraint run_steps_status_known,
  add constraint run_steps_status_known check (status in ('running', 'waiting', 'success', 'failed', 'skipped', 'canceled', 'lost', 'released'));
