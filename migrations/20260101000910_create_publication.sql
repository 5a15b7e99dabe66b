-- Supabase Realtime follows this publication. It exists there already; a plain Postgres gets its own,
-- which costs nothing while nobody subscribes. Partitions are published under the name of their parent.
do $$
declare
  followed text;
begin
  -- Without logical decoding Postgres warns that nobody can subscribe yet; that is known.
  perform set_config('client_min_messages', 'error', true);
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime with (publish_via_partition_root = true);
  else
    alter publication supabase_realtime set (publish_via_partition_root = true);
  end if;
  foreach followed in array array['runs', 'run_steps', 'run_events', 'artifacts', 'lanes', 'workers'] loop
    if not exists (
      select from pg_publication_rel as pr
      join pg_publication as p on p.oid = pr.prpubid
      where p.pubname = 'supabase_realtime' and pr.prrelid = format('public.%I', followed)::regclass
    ) then
      execute format('alter publication supabase_realtime add table public.%I', followed);
    end if;
  end loop;
end
$$;
