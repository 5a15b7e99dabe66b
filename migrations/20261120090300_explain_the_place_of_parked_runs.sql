-- A parked run waits behind those of its own key only: runs of other keys that are parked do not stand before it.
create or replace function public.explain_wait(run_id text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  run record;
  waits record;
  lane record;
  reasons jsonb := '[]';
  holders jsonb;
  fresh record;
  ahead bigint;
  line text;
  unserved text;
  tokens integer;
  next_in double precision;
begin
  perform runboard_internal.require('viewer');
  select r.status, r.lane, r.reason, r.attempt into run from public.runs as r where r.run_id = explain_wait.run_id;
  if run.status is null then
    perform runboard_internal.refuse(404, 'unknown_run', format('There is no run %s.', explain_wait.run_id), null, 'run_id');
  end if;
  if run.status in ('success', 'failed', 'canceled') then
    return jsonb_build_object('waiting', false, 'reasons', jsonb_build_array(jsonb_build_object(
      'code', 'final', 'message', format('It has ended as %s.', run.status), 'data', jsonb_build_object('status', run.status, 'reason', run.reason))));
  end if;
  if run.status = 'running' then
    return jsonb_build_object('waiting', false, 'reasons', coalesce((
      select jsonb_build_array(jsonb_build_object(
        'code', 'running',
        'message', case when l.expires_at > moment then format('%s works on it.', coalesce(w.name, 'A worker'))
          else format('%s held it and is silent for %s; the next sweep takes it back.', coalesce(w.name, 'A worker'), runboard_internal.in_words(runboard_internal.ms_between(l.heartbeat_at, moment))) end,
        'data', jsonb_build_object('worker', w.name, 'attempt', l.attempt, 'expires_at', l.expires_at)))
      from runboard_internal.run_leases as l left join public.workers as w on w.worker_id = l.worker_id
      where l.run_id = explain_wait.run_id), '[]'));
  end if;

  if run.status = 'waiting' then
    return jsonb_build_object('waiting', true, 'reasons', runboard_internal.explain_pause(explain_wait.run_id, moment));
  end if;

  select q.lane, q.parked, q.rank, q.seq, q.kinds, q.concurrency_key, null::timestamptz as due_at into waits
  from runboard_internal.run_queue as q where q.run_id = explain_wait.run_id;
  if not found then
    select d.lane, false as parked, null::double precision as rank, null::bigint as seq, d.kinds, d.concurrency_key, d.due_at into waits
    from runboard_internal.run_deferred as d where d.run_id = explain_wait.run_id;
  end if;
  select l.* into lane from public.lanes as l where l.name = run.lane;

  if lane.paused_at is not null then
    reasons := reasons || jsonb_build_object('code', 'lane_paused',
      'message', format('Lane %s is paused by %s%s', lane.name, coalesce(lane.paused_by, 'somebody'), coalesce(': ' || lane.pause_reason, '.')),
      'data', jsonb_build_object('lane', lane.name, 'paused_at', lane.paused_at, 'paused_by', lane.paused_by, 'reason', lane.pause_reason));
  end if;
  if waits.due_at > moment then
    reasons := reasons || jsonb_build_object('code', 'not_due',
      'message', case when run.attempt > 0 then format('Attempt %s did not succeed; the next is due in %s.', run.attempt, runboard_internal.in_words(runboard_internal.ms_between(moment, waits.due_at)))
        else format('It is to start in %s.', runboard_internal.in_words(runboard_internal.ms_between(moment, waits.due_at))) end,
      'data', jsonb_build_object('due_at', waits.due_at));
  end if;

  select count(*) as all_fresh, count(*) filter (where run.lane = any (w.lanes)) as of_lane,
    count(*) filter (where run.lane = any (w.lanes) and waits.kinds <@ w.kinds) as able
  into fresh
  from public.workers as w
  where w.stopped_at is null and w.draining_at is null and w.expires_at > moment;
  if fresh.able = 0 then
    select string_agg(k.kind, ', ' order by k.kind) into unserved
    from unnest(waits.kinds) as k(kind)
    where not exists (
      select from public.workers as w
      where w.stopped_at is null and w.draining_at is null and w.expires_at > moment and run.lane = any (w.lanes) and k.kind = any (w.kinds));
    reasons := reasons || jsonb_build_object('code', 'no_worker',
      'message', case
        when fresh.all_fresh = 0 then 'No worker is alive.'
        when fresh.of_lane = 0 then format('No live worker serves lane %s.', run.lane)
        when unserved is not null then format('No live worker of lane %s can run steps of the kind %s.', run.lane, unserved)
        else format('No live worker of lane %s can run steps of all the kinds %s.', run.lane, array_to_string(waits.kinds, ', '))
      end,
      'data', jsonb_build_object('lane', run.lane, 'kinds', to_jsonb(waits.kinds), 'unserved', unserved, 'workers_alive', fresh.all_fresh));
  end if;

  tokens := runboard_internal.lane_tokens(run.lane, moment);
  if tokens < 1 then
    select runboard_internal.ms_between(moment, b.full_at) - (lane.rate_limit - 1) * lane.rate_seconds * 1000.0 / lane.rate_limit into next_in
    from runboard_internal.lane_buckets as b where b.lane = run.lane;
    reasons := reasons || jsonb_build_object('code', 'rate_limited',
      'message', format('Lane %s gives out %s runs in %s, and they are given; the next is due in %s.', run.lane, lane.rate_limit,
        runboard_internal.in_words(lane.rate_seconds * 1000), runboard_internal.in_words(greatest(next_in, 0))),
      'data', jsonb_build_object('lane', run.lane, 'rate_limit', lane.rate_limit, 'rate_seconds', lane.rate_seconds, 'next_in_ms', round(greatest(next_in, 0))));
  end if;

  if lane.max_running is not null then
    select jsonb_agg(jsonb_build_object('run_id', h.run_id, 'title', h.title, 'worker', h.worker) order by h.claimed_at) into holders
    from (
      select l.run_id, r.title, w.name as worker, l.claimed_at from runboard_internal.run_leases as l
      join public.runs as r on r.run_id = l.run_id
      left join public.workers as w on w.worker_id = l.worker_id
      where l.lane = run.lane
    ) as h;
    if jsonb_array_length(holders) >= lane.max_running then
      reasons := reasons || jsonb_build_object('code', 'lane_full',
        'message', format('Lane %s runs %s of %s: %s.', run.lane, jsonb_array_length(holders), lane.max_running,
          (select string_agg(h.value ->> 'title', ', ') from (select value from jsonb_array_elements(holders) limit 5) as h)),
        'data', jsonb_build_object('lane', run.lane, 'max_running', lane.max_running, 'holders', holders));
    end if;
  end if;
  if waits.concurrency_key is not null then
    -- A waiting run keeps its key: nobody passes it while it waits.
    select jsonb_agg(jsonb_build_object('run_id', h.run_id, 'title', r.title, 'status', r.status) order by h.since) into holders
    from (
      select l.run_id, l.claimed_at as since from runboard_internal.run_leases as l where l.concurrency_key = waits.concurrency_key
      union all
      select w.run_id, w.opened_at from runboard_internal.run_waits as w where w.concurrency_key = waits.concurrency_key
    ) as h
    join public.runs as r on r.run_id = h.run_id;
    if jsonb_array_length(holders) >= lane.max_per_key then
      reasons := reasons || jsonb_build_object('code', 'key_busy',
        'message', format('Another run with the key %s is %s: %s.', waits.concurrency_key, holders -> 0 ->> 'status', holders -> 0 ->> 'run_id'),
        'data', jsonb_build_object('concurrency_key', waits.concurrency_key, 'holders', holders));
    end if;
  end if;

  if waits.seq is not null then
    -- Counting stops at 1000: "far behind" is all a person needs to know then.
    select count(*) into ahead from (
      select from runboard_internal.run_queue as q
      where q.lane = waits.lane and q.parked = waits.parked and (q.rank, q.seq) < (waits.rank, waits.seq)
        and (not waits.parked or q.concurrency_key = waits.concurrency_key) limit 1000) as before;
    line := format(case when waits.parked then 'of its key in lane %s' else 'in lane %s' end, waits.lane);
    reasons := reasons || jsonb_build_object('code', 'next_in_line',
      'message', case when ahead = 0 then format('It is the next %s.', line)
        when ahead = 1000 then format('At least 1000 runs stand before it %s.', line)
        else format('It is number %s %s.', ahead + 1, line) end,
      'data', jsonb_strip_nulls(jsonb_build_object('lane', waits.lane, 'position', ahead + 1,
        'concurrency_key', case when waits.parked then waits.concurrency_key end)));
  end if;
  return jsonb_build_object('waiting', true, 'reasons', reasons);
end
$$;
comment on function public.explain_wait(text) is 'Why a run is not running: {waiting, reasons: [{code, message, data}]}.';
