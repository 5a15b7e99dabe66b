-- Every wait ends through this one body: the step that waited is settled, and the run goes to the front
-- of its priority or, when the step may not fail, ends. `ending` is {verdict, output?, error?, event,
-- message, data?}; the verdict `success` or `failed` is about the step, `fatal` fails the run whatever the
-- step says of failures. Who holds the row of the wait may end it: nobody ends it twice.
create or replace function runboard_internal.settle_wait(run_id text, ending jsonb) returns text
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  moment timestamptz := runboard_internal.clock();
  wait record;
  definition jsonb;
  failure jsonb;
  goes_on boolean;
  moved integer;
  last_lease bigint;
  last_attempt integer;
begin
  delete from runboard_internal.run_waits as w where w.run_id = settle_wait.run_id returning w.* into wait;
  if not found then
    return null;
  end if;
  if wait.kind = 'callback' then
    update runboard_internal.run_callbacks as c set consumed_at = moment
    where c.run_id = settle_wait.run_id and c.step = wait.step;
  end if;
  select v.definition into definition
  from public.runs as r
  join public.run_template_versions as v on v.slug = r.template_slug and v.version = r.template_version
  where r.run_id = settle_wait.run_id;
  if ending ->> 'verdict' <> 'success' then
    failure := coalesce(nullif(ending -> 'error', 'null'), '{}') || jsonb_build_object('step', wait.step);
  end if;
  goes_on := failure is null or (ending ->> 'verdict' = 'failed' and exists (
    select from jsonb_array_elements(definition -> 'steps') as s(step)
    where s.step ->> 'id' = wait.step and s.step ->> 'on_failure' = 'continue'));

  select a.lease_seq, a.attempt into last_lease, last_attempt
  from public.run_attempts as a
  where a.run_id = settle_wait.run_id and a.outcome = 'suspended'
  order by a.lease_seq desc
  limit 1;
  insert into public.run_steps as s (run_id, lease_seq, step, attempt, position, title, kind, status, started_at, finished_at, output, error)
  values (settle_wait.run_id, last_lease, wait.step, last_attempt, 0, wait.step, wait.kind,
    case when failure is null then 'success' else 'failed' end, wait.opened_at, moment,
    case when failure is null then nullif(ending -> 'output', 'null') end, failure)
  on conflict on constraint run_steps_pkey do update
  set status = excluded.status, finished_at = excluded.finished_at, output = excluded.output, error = excluded.error;

  perform runboard_internal.record_event(settle_wait.run_id, moment, ending ->> 'event', ending ->> 'message',
    coalesce(nullif(ending -> 'data', 'null'), '{}') || jsonb_build_object('step', wait.step));
  if goes_on then
    update public.runs as r
    set status = 'queued', queued_at = moment, run_after = null, version = r.version + 1
    where r.run_id = settle_wait.run_id and r.status = 'waiting';
    get diagnostics moved = row_count;
    -- seq 0: it had its turn already, so it waits behind nobody of its priority.
    insert into runboard_internal.run_queue (run_id, lane, priority, seq, queued_at, kinds, concurrency_key)
    values (settle_wait.run_id, wait.lane, wait.priority, 0, moment, wait.kinds, wait.concurrency_key);
  else
    update public.runs as r
    set status = 'failed', reason = coalesce(failure ->> 'code', 'step_failed'), error = failure, finished_at = moment, version = r.version + 1
    where r.run_id = settle_wait.run_id and r.status = 'waiting';
    get diagnostics moved = row_count;
    perform runboard_internal.record_event(settle_wait.run_id, moment, 'failed', 'Failed: ' || coalesce(failure ->> 'message', 'no reason was given.'),
      jsonb_build_object('reason', coalesce(failure ->> 'code', 'step_failed'), 'step', wait.step));
  end if;
  if moved <> 1 then
    raise exception 'run % stood among the waiting but did not wait', settle_wait.run_id;
  end if;
  perform runboard_internal.hint('enqueued', jsonb_build_object('lanes', jsonb_build_array(wait.lane), 'runs', jsonb_build_array(settle_wait.run_id)));
  return case when goes_on then 'queued' else 'failed' end;
end
$$;
