-- A filter over runs that a person has given a name. It is kept as the text of its address, so that a view made today
-- is read by the words of tomorrow.
create table public.saved_views (
  view_id uuid not null default gen_random_uuid(),
  owner text not null,
  created_by text not null,
  name text not null,
  query text not null,
  is_shared boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint saved_views_pkey primary key (view_id),
  constraint saved_views_name_length check (length(name) between 1 and 60),
  constraint saved_views_query_length check (length(query) <= 2000)
);
comment on table public.saved_views is 'Filters over runs with a name: of one person, or shared with everybody.';
comment on column public.saved_views.owner is 'Whose it is, as key_owner names callers.';
comment on column public.saved_views.query is 'The filter, as it stands in the address of the list.';
create unique index saved_views_name on public.saved_views (owner, lower(name));

alter table public.saved_views enable row level security;
grant select on public.saved_views to authenticated, service_role;
create policy readers on public.saved_views for select to authenticated
  using ((select runboard_internal.may_read()) and (is_shared or owner = (select runboard_internal.view_owner())));
create policy server on public.saved_views to service_role using (true) with check (true);
