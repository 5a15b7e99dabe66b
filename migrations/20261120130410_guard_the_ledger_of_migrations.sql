-- The ledger is made by the tool that runs migrations, before any of them, with whatever grants are usual there.
-- The server reads it to say whether it is ready; nobody else has to.
do $$
begin
  if to_regclass('public._sqlx_migrations') is not null then
    alter table public._sqlx_migrations enable row level security;
    revoke all on public._sqlx_migrations from anon, authenticated, service_role;
    grant select on public._sqlx_migrations to service_role;
    create policy server on public._sqlx_migrations for select to service_role using (true);
  end if;
end
$$;
