-- One run takes the same two ways as many.
create or replace function public.enqueue_run(spec jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_enqueue(jsonb_build_array(spec));
  ids text[] := runboard_internal.enqueue_plain(array[spec], who);
  answer jsonb;
begin
  if ids is not null then
    perform runboard_internal.hint('enqueued', jsonb_build_object(
      'lanes', (select jsonb_build_array(r.lane) from public.runs as r where r.run_id = ids[1]), 'runs', to_jsonb(ids)));
    return jsonb_build_object('run_id', ids[1], 'status', 'queued', 'created', true, 'coalesced', false);
  end if;
  perform runboard_internal.lock_enqueue(jsonb_build_array(spec), who);
  answer := runboard_internal.enqueue(spec, who);
  perform runboard_internal.hint_enqueued(array[answer]);
  return answer;
end
$$;
