-- What happened to a run: attempts, steps, events, log chunks, artifacts.
create table public.run_attempts (
  run_id text collate "C" not null references public.runs (run_id) on delete cascade,
  lease_seq bigint not null,
  attempt integer not null,
  worker_id uuid not null,
  worker_name text not null,
  claimed_at timestamptz not null,
  ended_at timestamptz not null,
  outcome text not null,
  error jsonb,
  primary key (run_id, lease_seq),
  constraint run_attempts_outcome_known check (outcome in ('success', 'failed', 'canceled', 'retried', 'lost', 'timeout', 'released'))
);
comment on table public.run_attempts is 'Tries that ended. The try that runs now is the lease.';

create table public.run_steps (
  run_id text collate "C" not null references public.runs (run_id) on delete cascade,
  lease_seq bigint not null,
  step text not null,
  attempt integer not null,
  position integer not null,
  title text not null,
  kind text not null,
  status text not null,
  try integer not null default 1,
  started_at timestamptz,
  finished_at timestamptz,
  output jsonb,
  error jsonb,
  primary key (run_id, lease_seq, step),
  constraint run_steps_status_known check (status in ('running', 'success', 'failed', 'skipped', 'canceled', 'lost', 'released'))
) with (fillfactor = 80);
comment on table public.run_steps is 'One row per step and lease: a step that was interrupted stands in each attempt that began it.';

create table public.run_events (
  run_id text collate "C" not null,
  lease_seq bigint not null default 0,
  seq bigint not null,
  day date not null,
  at timestamptz not null,
  kind text not null,
  message text not null,
  data jsonb,
  primary key (run_id, lease_seq, seq, day)
) partition by range (day);
comment on table public.run_events is 'The story of a run. lease_seq 0: written by the control plane itself or by a person''s act.';
create sequence runboard_internal.event_seq as bigint cache 1;

create table public.run_log_chunks (
  run_id text collate "C" not null,
  lease_seq bigint not null,
  seq integer not null,
  day date not null,
  step text not null,
  first_line bigint not null,
  line_count integer not null,
  at timestamptz not null,
  lines text not null,
  offsets_ms integer[],
  streams text,
  primary key (run_id, lease_seq, seq, day),
  constraint run_log_chunks_size check (octet_length(lines) <= 65536)
) partition by range (day);
comment on table public.run_log_chunks is 'What steps printed, newline-separated, in chunks of at most 32 KiB as workers send them.';
comment on column public.run_log_chunks.first_line is 'Line number in the run, from 1, over all attempts.';
comment on column public.run_log_chunks.offsets_ms is 'Per line, milliseconds after at.';
comment on column public.run_log_chunks.streams is 'Per line: o standard output, e standard error, s Runboard itself.';
create index run_log_chunks_lines on public.run_log_chunks (run_id, first_line);

-- Partitions stay out of the exposed schema: readers see the parent and its policies only.
create table runboard_internal.run_events_default partition of public.run_events default;
create table runboard_internal.run_log_chunks_default partition of public.run_log_chunks default;

create table public.artifacts (
  artifact_id uuid primary key default gen_random_uuid(),
  run_id text collate "C" not null references public.runs (run_id) on delete cascade,
  lease_seq bigint not null,
  step text,
  name text not null,
  kind text not null,
  content_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  inline bytea,
  storage_url text,
  created_at timestamptz not null,
  constraint artifacts_kind_known check (kind in ('text', 'markdown', 'json', 'diff', 'image', 'file', 'link', 'zip', 'report')),
  constraint artifacts_stored_once check ((inline is null) <> (storage_url is null)),
  constraint artifacts_inline_small check (octet_length(inline) <= 65536),
  constraint artifacts_sha256_form check (sha256 ~ '^[0-9a-f]{64}$')
);
comment on table public.artifacts is 'What steps left behind; up to 64 KiB in the row.';
create unique index artifacts_resend on public.artifacts (run_id, lease_seq, (coalesce(step, '')), name);
