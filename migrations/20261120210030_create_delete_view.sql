-- A view is only a name for a filter: nothing but the name is lost.
create function public.delete_view(view_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('viewer');
  mine text := runboard_internal.key_owner(who);
  old public.saved_views;
begin
  select * into old from public.saved_views as v where v.view_id = delete_view.view_id for update;
  if old.view_id is null or (old.owner <> mine and not old.is_shared) then
    perform runboard_internal.refuse(404, 'unknown_view', 'There is no such view.', null, 'view_id');
  elsif old.owner <> mine and runboard_internal.role_rank(who ->> 'role') < runboard_internal.role_rank('admin') then
    perform runboard_internal.refuse(403, 'forbidden', format('The view %s belongs to %s.', old.name, old.created_by), 'Ask them, or an administrator.');
  end if;
  delete from public.saved_views as v where v.view_id = old.view_id;
  perform runboard_internal.audit(who, 'delete_view', 'view', old.view_id::text, jsonb_build_object('name', old.name, 'query', old.query));
end
$$;
comment on function public.delete_view(uuid) is 'Forgets a view of runs.';
revoke execute on function public.delete_view(uuid) from public;
grant execute on function public.delete_view(uuid) to authenticated, service_role;
