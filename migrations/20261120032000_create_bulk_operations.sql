-- One wish for many runs: what it named when it was asked is frozen, and a run works through it.
create table public.bulk_operations (
  bulk_id uuid primary key default gen_random_uuid(),
  verb text not null,
  filter jsonb,
  changes jsonb not null default '{}',
  note text,
  status text not null default 'queued',
  preview_count integer not null,
  done_count integer not null default 0,
  skipped_count integer not null default 0,
  failed_count integer not null default 0,
  run_id text collate "C",
  requested_by jsonb not null,
  key_owner text,
  idempotency_key text,
  body_hash text,
  errors jsonb not null default '[]',
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  constraint bulk_operations_verb_known check (verb in ('cancel', 'retry', 'rerun')),
  constraint bulk_operations_status_known check (status in ('queued', 'running', 'success', 'failed', 'canceled')),
  constraint bulk_operations_finished_iff_final check ((finished_at is not null) = (status in ('success', 'failed', 'canceled'))),
  constraint bulk_operations_counts_add_up check (
    done_count + skipped_count + failed_count <= preview_count
    and (finished_at is null or done_count + skipped_count + failed_count = preview_count))
);
comment on table public.bulk_operations is 'One verb for many runs, done by a run of the action runs.bulk.';
comment on column public.bulk_operations.filter is 'What was asked for, for people; what counts is the frozen list.';
comment on column public.bulk_operations.preview_count is 'Runs that were frozen.';
comment on column public.bulk_operations.run_id is 'The run that works through the list.';
comment on column public.bulk_operations.requested_by is 'As whom each item is done: {subject, actor, role, via, person}.';
comment on column public.bulk_operations.errors is 'Why items failed, counted: [{code, message, count}].';
create index bulk_operations_recent on public.bulk_operations (created_at desc, bulk_id desc);
create index bulk_operations_open on public.bulk_operations (run_id) where finished_at is null;
create unique index bulk_operations_key on public.bulk_operations (key_owner, idempotency_key) where idempotency_key is not null;

create table runboard_internal.bulk_items (
  bulk_id uuid not null references public.bulk_operations (bulk_id) on delete cascade,
  place integer not null,
  run_id text collate "C" not null,
  outcome text,
  new_run_id text collate "C",
  code text,
  message text,
  done_at timestamptz,
  primary key (bulk_id, place),
  constraint bulk_items_outcome_known check (outcome in ('done', 'skipped', 'failed')),
  constraint bulk_items_done_has_time check ((outcome is null) = (done_at is null))
);
comment on table runboard_internal.bulk_items is 'The frozen list of a bulk operation and what became of each run. The outcome is written with the act itself.';
create index bulk_items_open on runboard_internal.bulk_items (bulk_id, place) where outcome is null;

alter table public.bulk_operations enable row level security;
alter table runboard_internal.bulk_items enable row level security;
grant select on public.bulk_operations, runboard_internal.bulk_items to authenticated, service_role;
create policy readers on public.bulk_operations for select to authenticated using ((select runboard_internal.may_read()));
create policy readers on runboard_internal.bulk_items for select to authenticated using ((select runboard_internal.may_read()));
create policy server on public.bulk_operations to service_role using (true) with check (true);
create policy server on runboard_internal.bulk_items to service_role using (true) with check (true);
