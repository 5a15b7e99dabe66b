-- Finds what no artifact names and nobody is bringing, and takes it out of what is known before it is
-- removed: from then on the same bytes are refused until the removal is done. What another sweep took
-- and did not finish within a quarter of an hour is taken again.
create function public.take_unused_objects(max_rows integer default 100) returns setof text
language plpgsql volatile security definer set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  old timestamptz := moment - make_interval(secs => runboard_internal.setting('artifact_sweep_age'));
  candidate text;
begin
  perform runboard_internal.require('worker');
  for candidate in
    select o.storage_url from runboard_internal.stored_objects as o
    where o.stored_at < old and not exists (select from public.artifacts as a where a.storage_url = o.storage_url)
    union
    select u.storage_url from runboard_internal.object_uploads as u where u.announced_at < old
    limit take_unused_objects.max_rows
  loop
    continue when not pg_try_advisory_xact_lock(hashtextextended(candidate, 0));
    -- Asked again under the lock: it may have been named or brought meanwhile.
    delete from runboard_internal.object_uploads as u where u.storage_url = candidate and u.announced_at < old;
    delete from runboard_internal.stored_objects as o
    where o.storage_url = candidate and o.stored_at < old
      and not exists (select from public.artifacts as a where a.storage_url = candidate);
    insert into runboard_internal.object_removals (storage_url, taken_at)
    select candidate, moment - interval '1 day'
    where not exists (select from runboard_internal.stored_objects as o where o.storage_url = candidate)
      and not exists (select from runboard_internal.object_uploads as u where u.storage_url = candidate)
    on conflict do nothing;
  end loop;
  return query
    update runboard_internal.object_removals as r set taken_at = moment
    where r.storage_url in (
      select d.storage_url from runboard_internal.object_removals as d
      where d.taken_at < moment - interval '15 minutes'
      order by d.storage_url
      limit take_unused_objects.max_rows
      for update skip locked
    )
    returning r.storage_url;
end
$$;
comment on function public.take_unused_objects(integer) is 'Objects that no artifact names, taken in hand for removal; the caller removes them and calls forget_objects.';
revoke execute on function public.take_unused_objects(integer) from public;
grant execute on function public.take_unused_objects(integer) to service_role, runboard_worker;
