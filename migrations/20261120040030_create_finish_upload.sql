-- The second half of an upload: the bytes have arrived, artifacts may name them. Only what was announced
-- can arrive, and only for who still holds the run; what a lost lease brought is swept later.
create function public.finish_upload(run_id text, lease_seq bigint, sha256 text, size_bytes bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  url text := runboard_internal.name_object(finish_upload.sha256, finish_upload.size_bytes);
begin
  perform runboard_internal.require('worker');
  perform from runboard_internal.run_leases as l
  where l.run_id = finish_upload.run_id and l.lease_seq = finish_upload.lease_seq
  for key share;
  if not found then
    return 'lost';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(url, 0));
  delete from runboard_internal.object_uploads as u
  where u.storage_url = url and u.run_id = finish_upload.run_id and u.lease_seq = finish_upload.lease_seq
    and u.size_bytes = finish_upload.size_bytes;
  if not found then
    -- The answer to the first call may have been lost on its way.
    perform from runboard_internal.stored_objects as o where o.storage_url = url and o.size_bytes = finish_upload.size_bytes;
    return case when found then 'ok' else 'lost' end;
  end if;
  insert into runboard_internal.stored_objects as o (storage_url, size_bytes, stored_at)
  values (url, finish_upload.size_bytes, moment)
  on conflict on constraint stored_objects_pkey do update set stored_at = excluded.stored_at;
  return 'ok';
end
$$;
comment on function public.finish_upload(text, bigint, text, bigint) is 'After bytes have arrived in the object store: ok or lost.';
revoke execute on function public.finish_upload(text, bigint, text, bigint) from public;
grant execute on function public.finish_upload(text, bigint, text, bigint) to service_role, runboard_worker;
