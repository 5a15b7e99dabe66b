-- Every way an attempt can end (completed, lost, timed out, given back, suspended, forced) goes through
-- this one body, so that complete, sweep, cancel, release, suspend and deregister cannot disagree about
-- budgets, events or what becomes of a step that was running. It is set-based: a batch of any size is one
-- statement. `ends` is [{run_id, lease_seq, how, result?, error?, retryable?, wait?, place?}], each run at
-- most once; `how` is success, failed, canceled, lost, timeout, released or suspended; `wait` says what a
-- suspended run waits for; `place` comes back with the answer. The caller holds the lease rows, locked in
-- the order of run_id. Items whose lease is gone are not answered. The planner is held to indexes because
-- batches are small and statistics of these tables are always late. Nor is `run_leases` joined, which is
-- empty one moment and full the next: its rows are named by `= any`, and a map tells what is said of each.
--
-- A run whose worker vanished is due again at once: the run did nothing wrong, and whoever waits for it has
-- waited out a lease already. From the second worker on that it loses, it backs off like a failure: the work
-- itself may be the cause.
create or replace function runboard_internal.end_attempts(ends jsonb)
returns table (run_id text, outcome text, lane text, status text, place integer)
language plpgsql volatile set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  moment timestamptz := runboard_internal.clock();
  today date := (moment at time zone 'UTC')::date;
  max_crashes integer := runboard_internal.setting('max_crashes');
  run_ids text[];
  said jsonb;
begin
  select array_agg(e.value ->> 'run_id'), jsonb_object_agg(e.value ->> 'run_id', e.value) into run_ids, said
  from jsonb_array_elements(ends) as e(value);
  return query
  with taken as materialized (
    delete from runboard_internal.run_leases as l
    where l.run_id = any (run_ids) and l.lease_seq = (said -> l.run_id ->> 'lease_seq')::bigint
    returning
      l.run_id, l.lease_seq, l.lane, l.worker_id, l.concurrency_key, l.attempt as this_attempt, l.claimed_at,
      l.heartbeat_at, l.progress, l.log_line_count, l.version as lease_version,
      l.cancel_requested_at is not null as cancel_requested
  ),
  lease as materialized (
    select t.*, i.how, i.result, i.error, coalesce(i.retryable, false) as retryable, i.wait, i.place
    from taken as t
    cross join lateral jsonb_to_record(said -> t.run_id) as i(how text, result jsonb, error jsonb, retryable boolean, wait jsonb, place integer)
  ),
  fact as materialized (
    select l.*,
      coalesce(w.name, 'a worker') as worker_name,
      r.cancel_reason, r.priority, r.max_attempts, r.timeout_seconds, r.created_at, r.run_after, r.attempt as attempts, r.started_at,
      r.crash_count + case when l.how = 'lost' then 1 else 0 end as crashes,
      r.attempt - r.crash_count - case when l.how = 'lost' then 1 else 0 end as failures,
      v.definition
    from lease as l
    join public.runs as r on r.run_id = l.run_id
    left join public.workers as w on w.worker_id = l.worker_id
    left join public.run_template_versions as v on v.slug = r.template_slug and v.version = r.template_version
  ),
  judged as materialized (
    select f.*,
      case
        when f.how in ('success', 'canceled') then f.how
        when f.how = 'failed' and not f.retryable then 'failed'
        -- Nothing that would have to run again does so against the will of a person.
        when f.cancel_requested then 'canceled'
        when f.how = 'released' then 'front'
        when f.how = 'suspended' then 'waiting'
        when f.how = 'lost' and f.crashes < max_crashes then 'later'
        when f.how in ('failed', 'timeout') and f.failures < f.max_attempts then 'later'
        else 'failed'
      end as fate,
      case f.how
        when 'lost' then jsonb_build_object(
          'code', 'worker_lost',
          'message', format('Worker %s vanished: no heartbeat for %s.', f.worker_name, runboard_internal.in_words(runboard_internal.ms_between(f.heartbeat_at, moment))),
          'hint', 'If this repeats, the work itself may bring its worker down: read the last lines of the log.')
        when 'timeout' then jsonb_build_object(
          'code', 'timeout',
          'message', format('Attempt %s did not end within %s.', f.this_attempt, runboard_internal.in_words(f.timeout_seconds * 1000.0)),
          'hint', 'Give the run a longer timeout_seconds, or find out in its log what it waits for.')
        else f.error
      end as cause
    from fact as f
  ),
  verdict as materialized (
    select j.*,
      case j.fate
        when 'failed' then case
          when j.how = 'lost' then 'worker_lost'
          when j.how = 'timeout' then 'timeout'
          when j.cause ->> 'code' ~ '^[a-z][a-z0-9_]{0,62}$' then j.cause ->> 'code'
          when j.retryable then 'attempts_exhausted'
          else 'step_failed'
        end
        when 'canceled' then 'canceled_by_person'
      end as reason,
      case when j.fate = 'later' then
        case
          when j.how = 'lost' and j.crashes = 1 then moment
          else moment + runboard_internal.backoff(j.definition -> 'policy', case when j.how = 'lost' then j.crashes - 1 else j.failures end)
        end
      end as due_at,
      case when j.fate in ('front', 'later', 'waiting') then runboard_internal.kinds_of(j.definition) end as kinds,
      runboard_internal.ms_between(coalesce(j.started_at, j.claimed_at), moment) as run_ms
    from judged as j
  ),
  attempt_row as (
    insert into public.run_attempts (run_id, lease_seq, attempt, worker_id, worker_name, claimed_at, ended_at, outcome, error)
    select v.run_id, v.lease_seq, v.this_attempt, v.worker_id, v.worker_name, v.claimed_at, moment,
      case
        when v.how in ('lost', 'timeout') or v.fate in ('front', 'waiting') then v.how
        when v.fate = 'later' then 'retried'
        else v.fate
      end,
      v.cause
    from verdict as v
  ),
  step_row as (
    update public.run_steps as s
    set status = case
        when v.how = 'lost' then 'lost'
        when v.fate = 'front' then 'released'
        when v.fate = 'waiting' then 'waiting'
        when v.how in ('failed', 'timeout') then 'failed'
        else 'canceled'
      end,
      finished_at = case when v.fate <> 'waiting' then moment end,
      error = coalesce(s.error, case when v.how = 'timeout' then v.cause end)
    from verdict as v
    where s.run_id = v.run_id and s.lease_seq = v.lease_seq and s.status = 'running'
  ),
  final_run as (
    update public.runs as r
    set status = v.fate, reason = v.reason, finished_at = moment,
      result = v.result, error = case when v.fate = 'success' then null else v.cause end,
      crash_count = v.crashes, progress = coalesce(v.progress, r.progress), log_line_count = v.log_line_count,
      version = r.version + v.lease_version + 1
    from verdict as v
    where r.run_id = v.run_id and r.status = 'running' and v.fate in ('success', 'failed', 'canceled')
  ),
  end_row as (
    -- Other ends are written down by a trigger of the ledger.
    insert into runboard_internal.run_ends (run_id, lane, status, entered_at, left_at, finished_at)
    select v.run_id, v.lane, v.fate, greatest(v.created_at, case when v.attempts <= 1 then v.run_after end), coalesce(v.started_at, moment), moment
    from verdict as v
    where v.fate = 'success'
  ),
  open_run as (
    update public.runs as r
    set status = 'queued', queued_at = moment, run_after = v.due_at,
      -- A try given back in an orderly shutdown does not count.
      attempt = r.attempt - case when v.fate = 'front' then 1 else 0 end,
      crash_count = v.crashes, progress = coalesce(v.progress, r.progress), log_line_count = v.log_line_count,
      version = r.version + v.lease_version + 1
    from verdict as v
    where r.run_id = v.run_id and r.status = 'running' and v.fate in ('front', 'later')
  ),
  waiting_run as (
    -- A wait is no failure: the try that led to it does not count.
    update public.runs as r
    set status = 'waiting', attempt = r.attempt - 1, progress = coalesce(v.progress, r.progress), log_line_count = v.log_line_count,
      version = r.version + v.lease_version + 1
    from verdict as v
    where r.run_id = v.run_id and r.status = 'running' and v.fate = 'waiting'
  ),
  wait_row as (
    insert into runboard_internal.run_waits (
      run_id, step, kind, role, message, opened_at, due_at, on_timeout, data, lane, priority, kinds, concurrency_key)
    select v.run_id, w.step, w.kind, w.role, w.message, moment,
      coalesce(w.due_at, moment + make_interval(secs => w.timeout_seconds)), w.on_timeout, w.data, v.lane, v.priority, v.kinds, v.concurrency_key
    from verdict as v
    cross join lateral jsonb_to_record(v.wait)
      as w(step text, kind text, role text, message text, due_at timestamptz, timeout_seconds double precision, on_timeout text, data jsonb)
    where v.fate = 'waiting'
  ),
  queue_row as (
    -- seq 0: it had its turn already, so it waits behind nobody of its priority.
    insert into runboard_internal.run_queue (run_id, lane, priority, seq, queued_at, kinds, concurrency_key)
    select v.run_id, v.lane, v.priority, 0, moment, v.kinds, v.concurrency_key from verdict as v where v.fate = 'front'
  ),
  deferred_row as (
    insert into runboard_internal.run_deferred (run_id, due_at, lane, priority, kinds, concurrency_key, comes_back)
    select v.run_id, v.due_at, v.lane, v.priority, v.kinds, v.concurrency_key, true from verdict as v where v.fate = 'later'
  ),
  event_row as (
    insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
    select told.run_id, 0, nextval('runboard_internal.event_seq'), today, moment, told.kind, told.message, jsonb_strip_nulls(told.data)
    from (
      select v.run_id, 1 as place,
        case when v.fate = 'front' then 'released' else v.how end as kind,
        case
          when v.fate = 'front' then format('Given back by %s, which is shutting down; the try does not count.', v.worker_name)
          when v.how = 'lost' and v.fate = 'later' then format('%s The run goes back to lane %s.', v.cause ->> 'message', v.lane)
          else v.cause ->> 'message'
        end as message,
        jsonb_build_object('worker', v.worker_name, 'attempt', v.this_attempt, 'lease_seq', v.lease_seq, 'crash_count', v.crashes, 'due_at', v.due_at) as data
      from verdict as v
      where v.how in ('lost', 'timeout') or v.fate = 'front'
      union all
      select v.run_id, 2, 'waiting',
        case v.wait ->> 'kind'
          when 'approval' then format('Waits for the approval of %s %s%s', case when v.wait ->> 'role' ~ '^[aeiou]' then 'an' else 'a' end, v.wait ->> 'role', coalesce(': ' || (v.wait ->> 'message'), '.'))
          else coalesce(v.wait ->> 'message', format('Waits for a %s.', v.wait ->> 'kind'))
        end,
        jsonb_build_object('step', v.wait ->> 'step', 'kind', v.wait ->> 'kind', 'role', v.wait ->> 'role', 'worker', v.worker_name, 'lease_seq', v.lease_seq)
      from verdict as v
      where v.fate = 'waiting'
      union all
      select v.run_id, 2, 'retry_scheduled',
        format('Attempt %s %s. The next try is due %s.', v.this_attempt,
          case v.how when 'lost' then 'was lost' when 'timeout' then 'ran out of time'
            else 'failed' || coalesce(': ' || rtrim(v.cause ->> 'message', '.'), '') end,
          case when v.due_at > moment then 'in ' || runboard_internal.in_words(runboard_internal.ms_between(moment, v.due_at)) else 'at once' end),
        jsonb_build_object('attempt', v.this_attempt, 'due_at', v.due_at, 'failures', v.failures, 'max_attempts', v.max_attempts, 'code', v.cause ->> 'code')
      from verdict as v
      where v.fate = 'later'
      union all
      select v.run_id, 2, v.fate,
        case v.fate
          when 'success' then format('Succeeded in %s.', runboard_internal.in_words(v.run_ms))
          when 'canceled' then format('Canceled after %s%s', runboard_internal.in_words(v.run_ms), coalesce(': ' || v.cancel_reason, '.'))
          else 'Failed: ' || case v.how when 'lost' then format('its worker vanished %s times.', v.crashes)
            else coalesce(v.cause ->> 'message', 'no reason was given.') end
        end,
        jsonb_build_object('attempt', v.this_attempt, 'duration_ms', round(v.run_ms), 'reason', v.reason, 'step', v.cause ->> 'step')
      from verdict as v
      where v.fate in ('success', 'failed', 'canceled')
      order by 1, 2
    ) as told
  )
  select v.run_id, case when v.fate in ('front', 'later') then 'requeued' else 'ok' end, v.lane,
    case when v.fate in ('front', 'later') then 'queued' else v.fate end, v.place
  from verdict as v;
end
$$;
