-- An artifact that is too large for its row lies in the object store. What lies there is known here: an
-- object is announced before its bytes travel, known once they have arrived, and unknown again before it
-- is removed. So an artifact can never name bytes that are not there, and what nobody names is found.
create table runboard_internal.stored_objects (
  storage_url text collate "C" primary key,
  size_bytes bigint not null,
  stored_at timestamptz not null,
  constraint stored_objects_named check (storage_url ~ '^store:artifacts/[0-9a-f]{2}/[0-9a-f]{64}$'),
  constraint stored_objects_size check (size_bytes >= 0),
  constraint stored_objects_sized unique (storage_url, size_bytes)
);
comment on table runboard_internal.stored_objects is 'Objects whose bytes have arrived in the object store.';
comment on column runboard_internal.stored_objects.stored_at is 'Last time somebody brought these bytes; a young object is never swept, its artifact may be on its way.';
alter table runboard_internal.stored_objects enable row level security;

create table runboard_internal.object_uploads (
  storage_url text collate "C" not null,
  run_id text collate "C" not null,
  lease_seq bigint not null,
  size_bytes bigint not null,
  announced_at timestamptz not null,
  primary key (storage_url, run_id),
  constraint object_uploads_named check (storage_url ~ '^store:artifacts/[0-9a-f]{2}/[0-9a-f]{64}$'),
  constraint object_uploads_size check (size_bytes >= 0)
);
comment on table runboard_internal.object_uploads is 'Uploads that began and have not ended; what a dead worker left half-way is found here.';
create index object_uploads_run on runboard_internal.object_uploads (run_id);
create index object_uploads_old on runboard_internal.object_uploads (announced_at);
alter table runboard_internal.object_uploads enable row level security;

create table runboard_internal.object_removals (
  storage_url text collate "C" primary key,
  taken_at timestamptz not null,
  constraint object_removals_named check (storage_url ~ '^store:artifacts/[0-9a-f]{2}/[0-9a-f]{64}$')
);
comment on table runboard_internal.object_removals is 'Objects that are being removed; nobody may bring the same bytes until that is done.';
comment on column runboard_internal.object_removals.taken_at is 'When a sweep last took it in hand; another takes over a quarter of an hour later.';
alter table runboard_internal.object_removals enable row level security;

alter table public.artifacts
  add constraint artifacts_storage_named check (storage_url = 'store:artifacts/' || left(sha256, 2) || '/' || sha256),
  add constraint artifacts_link_inline check (kind <> 'link' or inline is not null),
  add constraint artifacts_storage_known foreign key (storage_url, size_bytes)
    references runboard_internal.stored_objects (storage_url, size_bytes);
comment on constraint artifacts_storage_known on public.artifacts is 'An artifact names only bytes that have arrived; they cannot be swept while it does.';
create index artifacts_storage on public.artifacts (storage_url) where storage_url is not null;

insert into runboard_internal.settings (key, value, unit, meaning) values
  ('artifact_run_size', 2048, 'MiB', 'Most that one run may leave behind in the object store.'),
  ('artifact_sweep_age', 86400, 's', 'An object that no artifact names is removed after so long; uploads on their way are younger.');

-- What the run before left under the same name is looked for when two are compared.
create index artifacts_name on public.artifacts (name, created_at desc);
