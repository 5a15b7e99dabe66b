-- What a token may write about: the leases that workers of its own hold. A number of a lease is not
-- secret, so naming one is no proof; this is. With each comes the template version, because the server
-- gives and hides only the secrets that it names.
create function runboard_internal.held_leases(run_ids text[])
returns table (run_id text, lease_seq bigint, definition jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  who jsonb := runboard_internal.require('worker');
begin
  return query
  select l.run_id, l.lease_seq, v.definition
  from runboard_internal.run_leases as l
  join public.workers as w on w.worker_id = l.worker_id
  join public.runs as r on r.run_id = l.run_id
  left join public.run_template_versions as v
    on v.slug = r.template_slug and v.version = r.template_version and v.definition::text like '%secrets%'
  where l.run_id = any ($1) and runboard_internal.owns_worker(who, w.registered_by);
end
$$;
comment on function runboard_internal.held_leases(text[]) is 'Leases of these runs that workers of the caller hold; the definition is null unless it speaks of secrets.';
revoke execute on function runboard_internal.held_leases(text[]) from public;
grant execute on function runboard_internal.held_leases(text[]) to service_role;
