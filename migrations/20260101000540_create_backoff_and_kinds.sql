-- Backoff is computed here, once, with full jitter: a thousand runs that failed together do not come
-- back together. `policy` is the policy of a template; without one the settings decide.
create function runboard_internal.backoff(policy jsonb, failures integer) returns interval
language sql volatile set search_path = '' as $$
  select make_interval(secs => random() * least(
    coalesce((policy -> 'backoff' ->> 'max_seconds')::double precision, runboard_internal.setting('backoff_cap') / 1000.0),
    coalesce((policy -> 'backoff' ->> 'initial_seconds')::double precision, runboard_internal.setting('backoff_initial') / 1000.0)
      -- The exponent is bounded because the power of a large count overflows.
      * power(coalesce((policy -> 'backoff' ->> 'factor')::double precision, 2), least(greatest(failures - 1, 0), 30))
  ))
$$;
comment on function runboard_internal.backoff(jsonb, integer) is 'Wait before the next try after so many failures: initial · factor^(n-1), capped, full jitter.';
revoke execute on function runboard_internal.backoff(jsonb, integer) from public;

-- A run needs a worker that serves every kind of its steps; a run without a template is an action.
create function runboard_internal.kinds_of(definition jsonb) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  if definition is null then
    return array['action'];
  end if;
  return array(select distinct s.step ->> 'kind' from jsonb_array_elements(definition -> 'steps') as s(step) order by 1);
end
$$;
comment on function runboard_internal.kinds_of(jsonb) is 'Step kinds a worker must serve to run this definition.';
revoke execute on function runboard_internal.kinds_of(jsonb) from public;
