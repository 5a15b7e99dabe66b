-- What the next application would forget. Counts stop at a hundred thousand: nobody needs to know more to
-- be warned.
create or replace function public.preview_retention() returns table (kind text, days integer, before timestamptz, count bigint, is_capped boolean)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  most constant integer := 100000;
begin
  perform runboard_internal.require('admin');
  return query
  with kept as (
    select r.kind, r.days, runboard_internal.clock() - make_interval(days => r.days) as before from public.retention as r
  )
  select k.kind, k.days, k.before,
    case when k.days is null then 0 else c.found end, coalesce(c.found = most, false)
  from kept as k
  cross join lateral (
    select count(*) as found from (
      (select 1 from public.run_log_chunks as x where k.kind = 'logs' and x.day < (k.before at time zone 'UTC')::date
        and x.run_id not in (select o.run_id from runboard_internal.open_runs() as o) limit most)
      union all
      (select 1 from public.run_events as x where k.kind = 'events' and x.day < (k.before at time zone 'UTC')::date
        and x.run_id not in (select o.run_id from runboard_internal.open_runs() as o) limit most)
      union all
      (select 1 from public.lanes as l join runboard_internal.run_ends as x on x.lane = l.name where k.kind = 'runs' and x.finished_at < k.before limit most)
      union all
      (select 1 from public.bulk_operations as x where k.kind = 'bulk' and x.finished_at < k.before limit most)
      union all
      (select 1 from public.alerts as x where k.kind = 'alerts' and x.resolved_at < k.before limit most)
    ) as found_rows
  ) as c
  order by k.kind;
end
$$;
