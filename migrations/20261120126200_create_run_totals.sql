-- One statement sees one snapshot: what is counted and what has ended since add up to every end there ever was.
create function public.run_totals() returns table (lane text, what text, total bigint)
language sql stable security definer set search_path = '' as $$
  select t.lane, t.what, sum(t.total)::bigint
  from (
    select runboard_internal.require('viewer') as caller
  ) as allowed
  cross join lateral (
    select c.lane, c.what, c.total from runboard_internal.run_counts as c
    union all
    select e.lane, e.what, e.ended
    from runboard_internal.run_count_mark as m
    cross join lateral runboard_internal.ended_between(m.counted_until, 'infinity') as e
  ) as t
  where allowed.caller is not null
  group by t.lane, t.what
  order by t.lane, t.what
$$;
comment on function public.run_totals() is 'Runs that ever ended, by lane: success, failed, canceled, and recovered: attempts taken from a worker that vanished.';
revoke execute on function public.run_totals() from public;
grant execute on function public.run_totals() to authenticated, service_role;
