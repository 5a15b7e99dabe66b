-- The end of a removal: the same bytes may be brought again.
create function public.forget_objects(storage_urls text[]) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  forgotten integer;
begin
  perform runboard_internal.require('worker');
  delete from runboard_internal.object_removals as r where r.storage_url = any (forget_objects.storage_urls);
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;
comment on function public.forget_objects(text[]) is 'Says that objects were removed from the object store; answers how many.';
revoke execute on function public.forget_objects(text[]) from public;
grant execute on function public.forget_objects(text[]) to service_role, runboard_worker;
