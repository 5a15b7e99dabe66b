-- Every save makes a version that never changes. What a template may do today counts like what it would do
-- tomorrow: an operator neither writes a script nor replaces one that an admin wrote.
create function public.save_template(spec jsonb) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  moment timestamptz := runboard_internal.clock();
  known jsonb;
  number integer;
begin
  -- Of two saves at once the row lock makes the second look at what the first has saved.
  perform from public.run_templates as t where t.slug = spec ->> 'slug' for no key update;
  select v.definition into known
  from public.run_templates as t
  join public.run_template_versions as v on v.slug = t.slug and v.version = t.latest_version
  where t.slug = spec ->> 'slug';
  if 'admin' in (runboard_internal.template_editor(spec -> 'definition'), runboard_internal.template_editor(known)) then
    perform runboard_internal.require('admin');
  end if;
  insert into public.run_templates as t (slug, title, description, lane, latest_version, created_at, updated_at)
  values (spec ->> 'slug', spec ->> 'title', coalesce(spec ->> 'description', ''), spec ->> 'lane', 1, moment, moment)
  on conflict (slug) do update
  set title = excluded.title, description = excluded.description, lane = excluded.lane,
    latest_version = t.latest_version + 1, archived_at = null, updated_at = excluded.updated_at
  returning latest_version into number;
  insert into public.run_template_versions (slug, version, definition, source, created_by, created_at)
  values (spec ->> 'slug', number, spec -> 'definition', spec ->> 'source', who ->> 'actor', moment);
  perform runboard_internal.audit(who, 'save_template', 'template', spec ->> 'slug', jsonb_build_object('version', number));
  return number;
end
$$;
comment on function public.save_template(jsonb) is 'Saves the next version of a template: {slug, title, description, lane, definition, source} → its number. The server checks the definition before.';
revoke execute on function public.save_template(jsonb) from public;
grant execute on function public.save_template(jsonb) to service_role;

-- The function is the only way: it knows who may.
revoke insert, update on public.run_templates, public.run_template_versions from service_role;
