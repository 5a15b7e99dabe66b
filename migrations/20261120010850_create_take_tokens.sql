-- What a claim took from the buckets of lanes with a rate. The caller holds the rows of these lanes.
create function runboard_internal.take_tokens(ids text[], moment timestamptz) returns void
language sql volatile set search_path = '' as $$
  insert into runboard_internal.lane_buckets as b (lane, full_at)
  select l.name, moment + count(*) * make_interval(secs => l.rate_seconds::double precision / l.rate_limit)
  from runboard_internal.run_leases as x
  join public.lanes as l on l.name = x.lane
  where x.run_id = any (ids) and l.rate_limit is not null
  group by l.name
  on conflict (lane) do update
  set full_at = greatest(b.full_at, moment) + (excluded.full_at - moment)
$$;
comment on function runboard_internal.take_tokens(text[], timestamptz) is 'Counts claims against the rates of their lanes.';
revoke execute on function runboard_internal.take_tokens(text[], timestamptz) from public;
