-- Backoff is computed here, once, with full jitter: a thousand runs that failed together do not come
-- back together. `policy` is the policy of a template; without one the settings decide. Whatever a template says, the
-- numbers stay in a span whose powers are numbers too: a run whose backoff cannot be worked out would never end.
create or replace function runboard_internal.backoff(policy jsonb, failures integer) returns interval
language sql volatile set search_path = '' as $$
  select make_interval(secs => random() * least(
    rule.longest, rule.first * power(rule.factor, least(greatest(failures - 1, 0), 30))
  ))
  from (
    select
      least(greatest(coalesce((policy -> 'backoff' ->> 'max_seconds')::numeric, runboard_internal.setting('backoff_cap') / 1000.0), 0), 31536000)::double precision as longest,
      least(greatest(coalesce((policy -> 'backoff' ->> 'initial_seconds')::numeric, runboard_internal.setting('backoff_initial') / 1000.0), 0), 31536000)::double precision as first,
      least(greatest(coalesce((policy -> 'backoff' ->> 'factor')::numeric, 2), 0), 1000)::double precision as factor
  ) as rule
$$;
