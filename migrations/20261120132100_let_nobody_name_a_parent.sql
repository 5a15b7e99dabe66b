-- What every spec passes that is enqueued one by one. It takes bigint locks' worth of names in one order, so that batches
-- cannot wait for each other: a second click with the same key waits here until the first is committed, and then
-- finds its run.
create or replace function runboard_internal.lock_enqueue(specs jsonb, who jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  lock_id bigint;
begin
  -- A parent gives a run rights: to what an archived template says, and to be taken for what a step of the parent has
  -- asked for. Retries, reruns and children are made by functions that do not come this way.
  if (who ->> 'person')::boolean and exists (select from jsonb_array_elements(specs) as s(spec) where s.spec ->> 'parent_run_id' is not null) then
    perform runboard_internal.refuse(422, 'invalid_field', 'Nobody names the parent of a run: a run has one when it is a retry, a rerun or part of another.',
      'Retry or rerun that run.', 'parent_run_id');
  end if;
  for lock_id in
    select distinct hashtextextended(name, 1)
    from jsonb_array_elements(specs) as s(spec)
    cross join lateral (values
      (runboard_internal.key_owner(who) || chr(31) || (s.spec ->> 'idempotency_key')),
      (case when s.spec -> 'coalesce' = 'true' then runboard_internal.coalesce_key(s.spec) end)
    ) as named(name)
    where name is not null
    order by 1
  loop
    perform pg_advisory_xact_lock(lock_id);
  end loop;
end
$$;
comment on function runboard_internal.lock_enqueue(jsonb, jsonb) is 'Refuses people who name a parent, and serializes enqueues that carry the same key.';
