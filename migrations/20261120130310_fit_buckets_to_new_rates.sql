-- A bucket is one moment, and means as many claims as the rate of its lane makes of it. When the rate changes, the
-- claims that were counted stay counted and the moment is worked out anew; otherwise one claim of a lane that
-- gave one a day would close the lane for the day although it may now give a thousand a minute. Claims hold the
-- row of a lane with a rate, so none of them takes from the bucket meanwhile.
create function runboard_internal.fit_bucket() returns trigger
language plpgsql set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
begin
  if new.rate_limit is null or old.rate_limit is null then
    delete from runboard_internal.lane_buckets as b where b.lane = new.name;
    return null;
  end if;
  update runboard_internal.lane_buckets as b
  set full_at = moment + make_interval(secs => new.rate_seconds * least(used.share_of_old * old.rate_limit / new.rate_limit, 1))
  from (
    select x.lane, extract(epoch from x.full_at - moment)::double precision / old.rate_seconds as share_of_old
    from runboard_internal.lane_buckets as x
    where x.lane = new.name and x.full_at > moment
  ) as used
  where b.lane = used.lane;
  return null;
end
$$;
comment on function runboard_internal.fit_bucket() is 'Counts in the new rate of a lane what was taken under the old one.';
revoke execute on function runboard_internal.fit_bucket() from public;
create trigger lanes_fit_bucket after update of rate_limit, rate_seconds on public.lanes
  for each row when (new.rate_limit is distinct from old.rate_limit or new.rate_seconds is distinct from old.rate_seconds)
  execute function runboard_internal.fit_bucket();
