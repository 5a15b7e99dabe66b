-- The worker's flusher: everything that gathered since the last flush, of many runs, in one transaction.
-- The usual case is a few set-based statements for the whole batch. When one item is refused, the batch
-- is taken back and written item by item, so that a bad item answers for itself and blocks no other.
create function public.write_runs(writes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  items jsonb;
  outcomes text[];
  item jsonb;
  hint jsonb;
begin
  perform runboard_internal.require('worker');
  if jsonb_typeof(writes) is distinct from 'array' then
    perform runboard_internal.refuse(422, 'invalid_writes', 'Writes are a JSON array.');
  end if;
  select coalesce(jsonb_agg(value order by ord), '[]') into items
  from jsonb_array_elements(writes) with ordinality as w(value, ord)
  where value ->> 'op' is distinct from 'hint';

  perform runboard_internal.lock_leases(items);
  begin
    outcomes := runboard_internal.apply_writes(items);
  -- What an item can be at fault for. A deadlock or a shutdown goes to the caller, who sends it all again.
  exception when data_exception or integrity_constraint_violation or program_limit_exceeded or sqlstate 'PT422' then
    outcomes := '{}';
    for item in select value from jsonb_array_elements(items) loop
      begin
        outcomes := outcomes || runboard_internal.apply_writes(jsonb_build_array(item));
      exception when data_exception or integrity_constraint_violation or program_limit_exceeded or sqlstate 'PT422' then
        outcomes := outcomes || ('error: ' || sqlerrm);
      end;
    end loop;
  end;

  for hint in
    select value from jsonb_array_elements(writes) as w(value)
    where value ->> 'op' = 'hint' and (value -> 'runs' <> '[]' or value -> 'logs' <> '[]')
  loop
    perform runboard_internal.hint('changed', jsonb_strip_nulls(jsonb_build_object('runs', hint -> 'runs', 'logs', hint -> 'logs')));
  end loop;
  return (
    select coalesce(jsonb_agg(case when w.value ->> 'op' = 'hint' then 'ok' else outcomes[w.place] end order by w.ord), '[]')
    from (
      select value, ord, count(*) filter (where value ->> 'op' is distinct from 'hint') over (order by ord) as place
      from jsonb_array_elements(writes) with ordinality as e(value, ord)
    ) as w
  );
end
$$;
comment on function public.write_runs(jsonb) is 'Writes a batch of {op: events | log | step | artifact | complete | beat, run_id, lease_seq, …}; one outcome each, in order.';
revoke execute on function public.write_runs(jsonb) from public;
grant execute on function public.write_runs(jsonb) to service_role, runboard_worker;
