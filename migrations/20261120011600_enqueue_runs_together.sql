-- Many runs in one transaction with one hint: all of them or, when one is refused, none.
create or replace function public.enqueue_runs(specs jsonb) returns setof jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb;
  list jsonb[];
  ids text[];
  answers jsonb[] := '{}';
  spec jsonb;
begin
  if jsonb_typeof(specs) is distinct from 'array' then
    perform runboard_internal.refuse(422, 'invalid_spec', 'Runs are asked for with a JSON array of objects.');
  end if;
  who := runboard_internal.require_enqueue(specs);
  list := array(select s.spec from jsonb_array_elements(specs) with ordinality as s(spec, place) order by s.place);
  ids := runboard_internal.enqueue_plain(list, who);
  if ids is not null then
    perform runboard_internal.hint('enqueued', jsonb_build_object(
      'lanes', (select jsonb_agg(distinct r.lane) from public.runs as r where r.run_id = any (ids)),
      'runs', to_jsonb(ids[1:51])));
    return query
    select jsonb_build_object('run_id', i.id, 'status', 'queued', 'created', true, 'coalesced', false)
    from unnest(ids) as i(id);
    return;
  end if;

  perform runboard_internal.lock_enqueue(specs, who);
  foreach spec in array list loop
    answers := answers || runboard_internal.enqueue(spec, who);
  end loop;
  perform runboard_internal.hint_enqueued(answers);
  return query select unnest(answers);
end
$$;
