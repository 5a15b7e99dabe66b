-- Retry is for what ended badly: the same work again, unchanged. Two people who press it at once, or one
-- who presses it twice, get one run as long as that run still waits.
create function public.retry_run(run_id text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_run(run_id);
  moment timestamptz := runboard_internal.clock();
  old record;
  waiting text;
  answer jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended('retry ' || run_id, 1));
  select r.status, r.params, r.options, r.scope, r.finished_at into old from public.runs as r where r.run_id = retry_run.run_id;
  if old.finished_at is null then
    perform runboard_internal.refuse(409, 'not_final', format('The run %s has not ended.', run_id), 'Cancel it first, or wait.');
  elsif old.status = 'success' then
    perform runboard_internal.refuse(409, 'already_succeeded', format('The run %s succeeded.', run_id), 'Use rerun to do it once more.');
  end if;
  select r.run_id into waiting from public.runs as r
  where r.parent_run_id = retry_run.run_id and r.status = 'queued' and r.attempt = 0
    and r.params = old.params and r.options = old.options and r.scope is not distinct from old.scope
  limit 1;
  if waiting is not null then
    return jsonb_build_object('run_id', waiting, 'status', 'queued');
  end if;
  answer := runboard_internal.enqueue(runboard_internal.spec_of(run_id), who);
  perform runboard_internal.record_event(run_id, moment, 'rerun', format('Tried again as %s by %s.', answer ->> 'run_id', who ->> 'actor'),
    jsonb_build_object('run_id', answer ->> 'run_id'));
  perform runboard_internal.audit(who, 'retry_run', 'run', run_id, jsonb_build_object('run_id', answer ->> 'run_id'));
  perform runboard_internal.hint_enqueued(array[answer]);
  return jsonb_build_object('run_id', answer ->> 'run_id', 'status', answer ->> 'status');
end
$$;
comment on function public.retry_run(text) is 'Starts a failed or canceled run again, unchanged, as a new run: {run_id, status}.';
revoke execute on function public.retry_run(text) from public;
grant execute on function public.retry_run(text) to authenticated, service_role;
