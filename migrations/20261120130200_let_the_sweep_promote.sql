-- The repair pass. It takes no input but a bound: it looks at the leases, at what is due and at the waits as they are,
-- ends those that are over, and brings back parked runs whose key is free. Any number may run at once (skip
-- locked), and a row that cannot be repaired is left for the next pass without holding up the others.
create or replace function public.sweep_stuck_runs(max_rows integer default 100) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.caller();
  moment timestamptz := runboard_internal.clock();
  grace interval := make_interval(secs => runboard_internal.setting('timeout_grace') / 1000.0);
  stuck jsonb;
  item jsonb;
  ended jsonb := '[]';
  one jsonb;
  waits jsonb;
begin
  if who ->> 'role' is distinct from 'worker' then
    perform runboard_internal.require('operator');
  end if;
  perform runboard_internal.ensure_partitions();
  delete from runboard_internal.idempotency_keys as k
  where (k.caller, k.key) in (select x.caller, x.key from runboard_internal.idempotency_keys as x where x.expires_at <= moment limit 500 for update skip locked);
  -- Claims do this too; when nobody claims, what is due must still be seen to wait.
  perform runboard_internal.promote_due(500);

  select jsonb_agg(jsonb_build_object('run_id', s.run_id, 'lease_seq', s.lease_seq, 'how', case when s.expires_at <= moment then 'lost' else 'timeout' end)) into stuck
  from (
    -- No index serves this on purpose: there are as many leases as running runs, and an index on what
    -- heartbeats change would cost more than this look.
    select l.run_id, l.lease_seq, l.expires_at
    from runboard_internal.run_leases as l
    where l.expires_at <= moment or l.deadline_at + grace <= moment
    order by l.run_id
    limit least(greatest(max_rows, 1), 1000)
    for update skip locked
  ) as s;

  if stuck is not null then
    begin
      select coalesce(jsonb_agg(to_jsonb(e)), '[]') into ended from runboard_internal.end_attempts(stuck) as e;
    exception when others then
      for item in select value from jsonb_array_elements(stuck) loop
        begin
          select to_jsonb(e) into one from runboard_internal.end_attempts(jsonb_build_array(item)) as e;
          ended := ended || coalesce(one, '[]');
        exception when others then
          raise warning 'run % could not be recovered: %', item ->> 'run_id', sqlerrm;
        end;
      end loop;
    end;
    perform runboard_internal.hint('enqueued', (
      select jsonb_build_object('lanes', jsonb_agg(distinct e.value ->> 'lane'), 'runs', jsonb_agg(e.value ->> 'run_id'))
      from jsonb_array_elements(ended) as e(value) having count(*) > 0));
  end if;
  waits := runboard_internal.end_due_waits(least(greatest(max_rows, 1), 1000));
  perform runboard_internal.unpark_free(least(greatest(max_rows, 1), 1000));
  return (
    select jsonb_build_object(
      'recovered', count(*) filter (where e.value ->> 'status' = 'queued'),
      'resumed', waits -> 'resumed',
      'failed', count(*) filter (where e.value ->> 'status' = 'failed') + (waits ->> 'failed')::integer,
      'canceled', count(*) filter (where e.value ->> 'status' = 'canceled'))
    from jsonb_array_elements(ended) as e(value)
  );
end
$$;
