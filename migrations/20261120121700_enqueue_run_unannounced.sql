-- One run takes the same two ways as many. With `announce: false` the caller promises to announce the run
-- itself, after its commit, if the answer says that nobody did.
drop function public.enqueue_run(jsonb);
create function public.enqueue_run(spec jsonb, announce boolean default true) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_enqueue(jsonb_build_array(spec));
  ids text[] := runboard_internal.enqueue_plain(array[spec], who);
  answer jsonb;
begin
  if ids is not null then
    if not announce then
      return jsonb_build_object('run_id', ids[1], 'status', 'queued', 'created', true, 'coalesced', false, 'announced', false);
    end if;
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
comment on function public.enqueue_run(jsonb, boolean) is 'Asks for one run: {template | action, params?, lane?, priority?, run_after?, …} → {run_id, status, created, coalesced}.';
revoke execute on function public.enqueue_run(jsonb, boolean) from public;
grant execute on function public.enqueue_run(jsonb, boolean) to authenticated, service_role;
