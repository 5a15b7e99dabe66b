-- How many claims a lane's rate allows now. Null means that it has no rate. The bounds come before the cast: a
-- bucket may be emptier than its lane is wide.
create or replace function runboard_internal.lane_tokens(lane_name text, moment timestamptz) returns integer
language sql stable set search_path = '' as $$
  select floor(greatest(l.rate_limit - coalesce(greatest(extract(epoch from b.full_at - moment), 0), 0) * l.rate_limit / l.rate_seconds, 0))::integer
  from public.lanes as l
  left join runboard_internal.lane_buckets as b on b.lane = l.name
  where l.name = lane_name and l.rate_limit is not null
$$;
