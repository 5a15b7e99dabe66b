-- Many runs in one transaction with one hint: all of them or, when one is refused, none.
create function public.enqueue_runs(specs jsonb) returns setof jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb;
  answers jsonb[] := '{}';
  spec jsonb;
begin
  if jsonb_typeof(specs) is distinct from 'array' then
    perform runboard_internal.refuse(422, 'invalid_spec', 'Runs are asked for with a JSON array of objects.');
  end if;
  who := runboard_internal.require_enqueue(specs);
  perform runboard_internal.lock_enqueue(specs, who);
  for spec in select value from jsonb_array_elements(specs) loop
    answers := answers || runboard_internal.enqueue(spec, who);
  end loop;
  perform runboard_internal.hint_enqueued(answers);
  return query select unnest(answers);
end
$$;
comment on function public.enqueue_runs(jsonb) is 'Asks for several runs at once; answers one {run_id, status, created, coalesced} each, in order.';
revoke execute on function public.enqueue_runs(jsonb) from public;
grant execute on function public.enqueue_runs(jsonb) to authenticated, service_role;
