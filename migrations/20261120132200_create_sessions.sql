-- Runs of one conversation name it by an id of its maker's choice. The row of a conversation is made with its first
-- run, whichever way the run is enqueued; later runs only name it, so that they never wait for each other here.
create table public.sessions (
  session_id text collate "C" not null,
  title text not null,
  created_by text not null,
  created_at timestamptz not null,
  constraint sessions_pkey primary key (session_id),
  constraint sessions_session_id_filled check (length(session_id) between 1 and 512)
);
comment on table public.sessions is 'Conversations out of which runs were started.';
comment on column public.sessions.title is 'Title of its first run.';
comment on column public.sessions.created_by is 'Who asked for its first run.';
alter table public.sessions enable row level security;
grant select on public.sessions to authenticated, service_role;
create policy readers on public.sessions for select to authenticated using ((select runboard_internal.may_read()));
create policy server on public.sessions to service_role using (true) with check (true);

insert into public.sessions (session_id, title, created_by, created_at)
select distinct on (r.session_id) r.session_id, r.title, coalesce(r.requested_by ->> 'actor', 'system'), r.created_at
from public.runs as r
where r.session_id <> ''
order by r.session_id, r.created_at;

create function runboard_internal.begin_session() returns trigger
language plpgsql set search_path = '' as $$
begin
  insert into public.sessions (session_id, title, created_by, created_at)
  values (new.session_id, new.title, coalesce(new.requested_by ->> 'actor', 'system'), new.created_at)
  on conflict on constraint sessions_pkey do nothing;
  return null;
end
$$;
comment on function runboard_internal.begin_session() is 'Makes the row of a conversation with its first run.';
revoke execute on function runboard_internal.begin_session() from public;
create trigger runs_begin_session after insert on public.runs
  for each row when (new.session_id <> '') execute function runboard_internal.begin_session();
