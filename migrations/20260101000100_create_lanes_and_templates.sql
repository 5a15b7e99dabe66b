-- What work exists and where it flows: lanes and versioned templates.
create table public.lanes (
  name text collate "C" primary key,
  title text not null,
  purpose text not null,
  position integer not null,
  max_running integer,
  max_per_key integer not null default 1,
  paused_at timestamptz,
  paused_by text,
  pause_reason text,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint lanes_name_form check (name ~ '^[A-Z][A-Z0-9_]{0,30}$'),
  constraint lanes_max_running_positive check (max_running > 0),
  constraint lanes_max_per_key_positive check (max_per_key > 0),
  constraint lanes_pause_reason_needs_pause check (paused_at is not null or (paused_by is null and pause_reason is null))
);
comment on table public.lanes is 'Ordered streams of runs with limits.';
comment on column public.lanes.max_running is 'Runs of this lane that may run at once in the whole fleet; null means no limit.';
comment on column public.lanes.max_per_key is 'Runs with one concurrency_key that may run at once.';

insert into public.lanes (name, title, purpose, position, max_running) values
  ('A', 'interactive', 'Clicks in sheets and in the browser: a person is waiting.', 1, 8),
  ('B', 'standard', 'Everyday runs from templates and programs.', 2, 6),
  ('C', 'long', 'Compute-all, model calls, optimization: minutes, not seconds.', 3, 3),
  ('D', 'maintenance', 'Schedules, bulk operations, retention: may wait.', 4, 2);

create table public.run_templates (
  slug text collate "C" primary key,
  title text not null,
  description text not null default '',
  lane text not null references public.lanes (name),
  latest_version integer not null,
  archived_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint run_templates_slug_form check (slug ~ '^[a-z][a-z0-9_-]{0,63}$'),
  constraint run_templates_version_positive check (latest_version > 0)
);
comment on table public.run_templates is 'Definitions of work; each save makes a new version.';

create table public.run_template_versions (
  slug text collate "C" not null references public.run_templates (slug) on delete cascade deferrable initially deferred,
  version integer not null,
  definition jsonb not null,
  source text not null,
  created_by text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (slug, version),
  constraint run_template_versions_version_positive check (version > 0)
);
comment on table public.run_template_versions is 'A run keeps the version it started with.';
comment on column public.run_template_versions.definition is 'Normalized: defaults filled in, params as JSON Schema.';
comment on column public.run_template_versions.source is 'As a person wrote it, comments kept.';
