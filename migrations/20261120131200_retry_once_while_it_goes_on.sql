-- Retry is for what ended badly: the same work again, unchanged. Two people who press it at once, or one
-- who presses it twice, get one run as long as that run has not ended: an idle worker takes it between two clicks.
create or replace function public.retry_run(run_id text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_run(run_id);
  moment timestamptz := runboard_internal.clock();
  old record;
  tried record;
  answer jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended('retry ' || run_id, 1));
  select r.status, r.action, r.template_slug, r.params, r.options, r.scope, r.finished_at into old from public.runs as r where r.run_id = retry_run.run_id;
  if old.finished_at is null then
    perform runboard_internal.refuse(409, 'not_final', format('The run %s has not ended.', run_id), 'Cancel it first, or wait.');
  elsif old.status = 'success' then
    perform runboard_internal.refuse(409, 'already_succeeded', format('The run %s succeeded.', run_id), 'Use rerun to do it once more.');
  end if;
  -- A child that a step of the run has started has a key; it is other work, however much it looks alike.
  select r.run_id, r.status into tried from public.runs as r
  where r.parent_run_id = retry_run.run_id and r.finished_at is null and r.idempotency_key is null
    and r.action is not distinct from old.action and r.template_slug is not distinct from old.template_slug
    and r.params = old.params and r.options = old.options and r.scope is not distinct from old.scope
  limit 1;
  if found then
    return jsonb_build_object('run_id', tried.run_id, 'status', tried.status);
  end if;
  answer := runboard_internal.enqueue(runboard_internal.spec_of(run_id), who);
  perform runboard_internal.record_event(run_id, moment, 'rerun', format('Tried again as %s by %s.', answer ->> 'run_id', who ->> 'actor'),
    jsonb_build_object('run_id', answer ->> 'run_id'));
  perform runboard_internal.audit(who, 'retry_run', 'run', run_id, jsonb_build_object('run_id', answer ->> 'run_id'));
  perform runboard_internal.hint_enqueued(array[answer]);
  return jsonb_build_object('run_id', answer ->> 'run_id', 'status', answer ->> 'status');
end
$$;
