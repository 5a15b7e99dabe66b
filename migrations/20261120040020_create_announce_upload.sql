-- The first half of an upload. Only who holds the run may bring bytes, and never more than a run may
-- leave behind. Everything about one object happens one after the other: the advisory lock on its name
-- keeps an announcement and the sweep apart.
create function public.announce_upload(run_id text, lease_seq bigint, sha256 text, size_bytes bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  url text := runboard_internal.name_object(announce_upload.sha256, announce_upload.size_bytes);
  most bigint := runboard_internal.setting('artifact_run_size')::bigint * 1024 * 1024;
  kept bigint;
begin
  perform runboard_internal.require('worker');
  perform from runboard_internal.run_leases as l
  where l.run_id = announce_upload.run_id and l.lease_seq = announce_upload.lease_seq
  for key share;
  if not found then
    return 'lost';
  end if;
  select coalesce(sum(left_behind.size_bytes), 0) into kept
  from (
    select a.size_bytes from public.artifacts as a
    where a.run_id = announce_upload.run_id and a.storage_url <> url
    union all
    select u.size_bytes from runboard_internal.object_uploads as u
    where u.run_id = announce_upload.run_id and u.lease_seq = announce_upload.lease_seq and u.storage_url <> url
  ) as left_behind;
  if kept + announce_upload.size_bytes > most then
    perform runboard_internal.refuse(422, 'run_artifacts_too_large',
      format('The run would leave %s MiB behind; at most %s are kept.', (kept + announce_upload.size_bytes) / 1048576, most / 1048576),
      'Leave less behind, or raise artifact_run_size in the settings.', 'size_bytes');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(url, 0));
  if exists (select from runboard_internal.object_removals as r where r.storage_url = url) then
    return 'busy';
  end if;
  update runboard_internal.stored_objects as o set stored_at = moment
  where o.storage_url = url and o.size_bytes = announce_upload.size_bytes;
  if found then
    return 'stored';
  end if;
  insert into runboard_internal.object_uploads as u (storage_url, run_id, lease_seq, size_bytes, announced_at)
  values (url, announce_upload.run_id, announce_upload.lease_seq, announce_upload.size_bytes, moment)
  on conflict on constraint object_uploads_pkey do update
  set lease_seq = excluded.lease_seq, size_bytes = excluded.size_bytes, announced_at = excluded.announced_at;
  return 'ok';
end
$$;
comment on function public.announce_upload(text, bigint, text, bigint) is
  'Before bytes travel to the object store: ok, stored (they are there already), busy (they are being removed, try again) or lost.';
revoke execute on function public.announce_upload(text, bigint, text, bigint) from public;
grant execute on function public.announce_upload(text, bigint, text, bigint) to service_role, runboard_worker;
