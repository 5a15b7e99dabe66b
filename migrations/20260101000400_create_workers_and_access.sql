-- Who works and who may: workers, users, sessions, tokens, secrets, the audit log.
create table public.workers (
  worker_id uuid primary key,
  name text not null,
  host text not null,
  pid integer not null,
  version text not null,
  lanes text[] not null,
  kinds text[] not null,
  slots integer not null,
  started_at timestamptz not null,
  heartbeat_at timestamptz not null,
  expires_at timestamptz not null,
  draining_at timestamptz,
  stopped_at timestamptz,
  last_claim_at timestamptz,
  constraint workers_slots_positive check (slots > 0)
) with (fillfactor = 60);
comment on table public.workers is 'One row per process life of a worker; ids are never reused.';

create table public.users (
  user_id uuid primary key default gen_random_uuid(),
  email text not null,
  display_name text not null,
  role text not null,
  password_hash text,
  disabled_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  last_login_at timestamptz,
  constraint users_email_lower check (email = lower(email) and email ~ '^[^@\s]+@[^@\s]+$'),
  constraint users_role_known check (role in ('viewer', 'planner', 'operator', 'admin'))
);
comment on table public.users is 'People who log in with a browser.';
create unique index users_email on public.users (email);

create table public.login_links (
  token_hash bytea primary key,
  user_id uuid not null references public.users (user_id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table public.login_links is 'One-time links; the token itself is never stored.';

create table public.login_sessions (
  token_hash bytea primary key,
  user_id uuid not null references public.users (user_id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  user_agent text
);
comment on table public.login_sessions is 'Browser sessions; the cookie holds the token, this table its SHA-256.';
create index login_sessions_user on public.login_sessions (user_id);

create table public.api_tokens (
  token_id uuid primary key default gen_random_uuid(),
  name text not null,
  token_hash bytea not null,
  prefix text not null,
  role text not null,
  actions text[],
  spreadsheets text[],
  created_by text,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  constraint api_tokens_role_known check (role in ('viewer', 'planner', 'operator', 'admin', 'worker'))
);
comment on table public.api_tokens is 'Tokens of programs, stored as SHA-256; actions and spreadsheets narrow what they may do.';
create unique index api_tokens_hash on public.api_tokens (token_hash);

create table public.secrets (
  name text primary key,
  nonce bytea not null,
  ciphertext bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text,
  constraint secrets_name_form check (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,63}$')
);
comment on table public.secrets is 'Values given to steps by name, encrypted with the key of this installation.';

create table public.audit_log (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  role text not null,
  via text not null,
  verb text not null,
  object_kind text not null,
  object_id text not null,
  detail jsonb
);
comment on table public.audit_log is 'Every act of a person, written in the same transaction as the act. Append only.';
create index audit_log_object on public.audit_log (object_kind, object_id);

create function runboard_internal.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'PT403', message = 'The audit log is append-only.', detail = '{"code":"append_only"}';
end
$$;
create trigger audit_log_append_only before update or delete or truncate on public.audit_log
  for each statement execute function runboard_internal.refuse_change();
