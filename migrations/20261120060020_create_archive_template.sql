-- An archived template starts no more runs; those it has keep their version. Who may edit it may archive it.
create function public.archive_template(slug text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('operator');
  known jsonb;
begin
  perform from public.run_templates as t where t.slug = archive_template.slug for no key update;
  select v.definition into known
  from public.run_templates as t
  join public.run_template_versions as v on v.slug = t.slug and v.version = t.latest_version
  where t.slug = archive_template.slug;
  if known is null then
    perform runboard_internal.refuse(404, 'unknown_template', format('There is no template %s.', archive_template.slug), null, 'slug');
  end if;
  perform runboard_internal.require(runboard_internal.template_editor(known));
  update public.run_templates as t
  set archived_at = runboard_internal.clock(), updated_at = runboard_internal.clock()
  where t.slug = archive_template.slug and t.archived_at is null;
  if not found then
    return false;
  end if;
  perform runboard_internal.audit(who, 'archive_template', 'template', archive_template.slug);
  return true;
end
$$;
comment on function public.archive_template(text) is 'Takes a template out of the list; false when it is not in it. The next save brings it back.';
revoke execute on function public.archive_template(text) from public;
grant execute on function public.archive_template(text) to authenticated, service_role;
