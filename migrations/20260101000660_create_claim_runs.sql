-- The claim. Its promises: a run is given once; a lane is never over max_running and a key never over
-- max_per_key, with any number of claimers; a paused lane gives nothing once the pause is committed;
-- the work per call follows `want`, not the length of the queue. (Runs that stand in front and cannot be
-- given, because their key is busy or their kinds are not served here, are walked over at half a
-- microsecond each.)
--
-- Exactness comes from locks, not luck. Claimers of a limited lane stand in line at its row (locked in
-- the order of names) and count its leases in a later statement, whose snapshot sees all that those
-- before them committed. Keys are guarded by advisory locks that are only tried, never waited for: who
-- does not get one leaves the run to the claimer that did. So nothing here can deadlock or overshoot.

-- The tables here go from empty to long and back faster than statistics are gathered, and a plan made
-- for an empty queue sorts a long one at every claim. So the planner is left the one plan that is right
-- for every length: walk the index, stop at the limit. (jit is off because the cost of what is switched
-- off would start it.) The functions called from here are planned under the same settings.

-- Runs whose time has come move from run_deferred to run_queue. Bounded, and safe beside each other.
create function runboard_internal.promote_due(max_rows integer) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  promoted integer;
begin
  with due as materialized (
    select d.run_id from runboard_internal.run_deferred as d
    where d.due_at <= moment
    order by d.due_at
    limit max_rows
    for update skip locked
  ),
  moved as (
    delete from runboard_internal.run_deferred as d using due where d.run_id = due.run_id returning d.*
  )
  insert into runboard_internal.run_queue (run_id, lane, priority, seq, queued_at, kinds, concurrency_key, coalesce_key)
  select m.run_id, m.lane, m.priority, case when m.comes_back then 0 else nextval('runboard_internal.queue_seq') end,
    m.due_at, m.kinds, m.concurrency_key, m.coalesce_key
  from moved as m;
  get diagnostics promoted = row_count;
  return promoted;
end
$$;
comment on function runboard_internal.promote_due(integer) is 'Moves due runs into the queue; answers how many.';
revoke execute on function runboard_internal.promote_due(integer) from public;

create function public.claim_runs(worker_id uuid, lanes text[], want integer)
returns table (
  run_id text, lease_seq bigint, lane text, action text, template jsonb, params jsonb, scope jsonb, sheet_context jsonb,
  options jsonb, requested_by jsonb, attempt integer, steps_done jsonb, deadline_at timestamptz, env text, title text
)
language plpgsql volatile security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  moment timestamptz := runboard_internal.clock();
  claimer record;
  wanted integer := least($3, 500);
  open_lanes text[];
  open_slots integer[];
  busy_keys text[];
  picked text[] := '{}';
  candidate_ids text[];
  candidate_keys text[];
  kept_ids text[];
begin
  perform runboard_internal.require('worker');
  -- In a repeatable-read transaction the counts below would be stale and limits could be passed.
  if current_setting('transaction_isolation') <> 'read committed' then
    perform runboard_internal.refuse(409, 'wrong_isolation', 'A claim needs a read committed transaction.');
  end if;
  select w.worker_id, w.name, w.lanes, w.kinds into claimer
  from public.workers as w where w.worker_id = $1 and w.draining_at is null and w.stopped_at is null;
  if claimer.worker_id is null or wanted < 1 then
    return;
  end if;

  perform runboard_internal.promote_due(500);

  -- Enqueues only look at a lane's key (for key share), so they do not wait here.
  perform from public.lanes as l
  where l.name = any ($2) and l.name = any (claimer.lanes) and l.max_running is not null
  order by l.name
  for no key update;

  select array_agg(l.name), array_agg(least(wanted, coalesce(l.max_running - held.count, wanted))::integer)
  into open_lanes, open_slots
  from public.lanes as l
  cross join lateral (select count(*) from runboard_internal.run_leases as x where x.lane = l.name and l.max_running is not null) as held
  where l.name = any ($2) and l.name = any (claimer.lanes) and l.paused_at is null
    and (l.max_running is null or l.max_running > held.count);
  if open_lanes is null then
    return;
  end if;

  select coalesce(array_agg(k.concurrency_key), '{}') into busy_keys
  from (
    select x.concurrency_key from runboard_internal.run_leases as x
    where x.concurrency_key is not null
    group by x.concurrency_key
    having count(*) >= (select max(l.max_per_key) from public.lanes as l where l.name = any (open_lanes))
  ) as k;

  -- Candidates whose keys turn out to be taken make room for others; four rounds bound the work.
  for round in 1..4 loop
    with head as (
      -- How many each lane gives, by priority and age over all lanes, before any row is locked.
      select h.lane, count(*)::integer as take
      from (
        select q.lane
        from unnest(open_lanes, open_slots) as o(lane, slots)
        cross join lateral (
          select q.lane, q.priority, q.seq from runboard_internal.run_queue as q
          where q.lane = o.lane and q.kinds <@ claimer.kinds and (q.concurrency_key is null or q.concurrency_key <> all (busy_keys))
          order by q.priority, q.seq
          limit o.slots
        ) as q
        order by q.priority, q.seq
        limit wanted - cardinality(picked)
      ) as h
      group by h.lane
    ),
    locked as materialized (
      select q.run_id, q.concurrency_key
      from head
      cross join lateral (
        select q.run_id, q.concurrency_key, q.priority, q.seq from runboard_internal.run_queue as q
        where q.lane = head.lane and q.kinds <@ claimer.kinds and (q.concurrency_key is null or q.concurrency_key <> all (busy_keys))
        order by q.priority, q.seq
        limit head.take
        for update skip locked
      ) as q
      order by q.priority, q.seq
    )
    select array_agg(k.run_id), array_agg(k.concurrency_key) into candidate_ids, candidate_keys from locked as k;
    exit when candidate_ids is null;

    kept_ids := runboard_internal.keep_free_keys(candidate_ids, candidate_keys);
    delete from runboard_internal.run_queue as q where q.run_id = any (kept_ids);
    return query select * from runboard_internal.lease_runs($1, claimer.name, kept_ids, moment);
    picked := picked || kept_ids;
    exit when cardinality(kept_ids) = cardinality(candidate_ids) or cardinality(picked) >= wanted;

    busy_keys := busy_keys || array(select distinct k.key from unnest(candidate_ids, candidate_keys) as k(id, key) where k.key is not null);
    select array_agg(o.lane), array_agg(o.slots - coalesce(used.count, 0)::integer) into open_lanes, open_slots
    from unnest(open_lanes, open_slots) as o(lane, slots)
    left join (select x.lane, count(*) from runboard_internal.run_leases as x where x.run_id = any (kept_ids) group by x.lane) as used on used.lane = o.lane
    where o.slots > coalesce(used.count, 0);
    exit when open_lanes is null;
  end loop;

  if cardinality(picked) > 0 then
    update public.workers as w set last_claim_at = moment where w.worker_id = $1;
  end if;
end
$$;
comment on function public.claim_runs(uuid, text[], integer) is 'Gives up to `want` due runs of these lanes to a worker, each under a new lease.';
revoke execute on function public.claim_runs(uuid, text[], integer) from public;
grant execute on function public.claim_runs(uuid, text[], integer) to service_role, runboard_worker;

-- Of the candidates, in their order, those whose concurrency key still has room. The key's advisory
-- lock is tried first and held to the end of the transaction; the count comes in a later statement, so
-- it sees every lease that an earlier holder of the lock committed.
create function runboard_internal.keep_free_keys(ids text[], keys text[]) returns text[]
language plpgsql volatile set search_path = '' as $$
declare
  locked_keys text[];
  kept text[];
begin
  if array_remove(keys, null) = '{}' then
    return ids;
  end if;
  select coalesce(array_agg(k.key), '{}') into locked_keys
  from (select distinct key from unnest(keys) as u(key) where key is not null offset 0) as k
  where pg_try_advisory_xact_lock(hashtextextended(k.key, 2));
  select coalesce(array_agg(c.id order by c.place), '{}') into kept
  from (
    select u.id, u.key, u.place, row_number() over (partition by u.key order by u.place) as turn, l.max_per_key
    from unnest(ids, keys) with ordinality as u(id, key, place)
    join runboard_internal.run_queue as q on q.run_id = u.id
    join public.lanes as l on l.name = q.lane
  ) as c
  where c.key is null
    or (c.key = any (locked_keys)
      and c.turn + (select count(*) from runboard_internal.run_leases as x where x.concurrency_key = c.key) <= c.max_per_key);
  return kept;
end
$$;
comment on function runboard_internal.keep_free_keys(text[], text[]) is 'Drops candidates whose concurrency key is taken.';
revoke execute on function runboard_internal.keep_free_keys(text[], text[]) from public;

-- Turns runs that were just taken out of the queue into leased ones, in one statement.
create function runboard_internal.lease_runs(worker_id uuid, worker_name text, ids text[], moment timestamptz)
returns table (
  run_id text, lease_seq bigint, lane text, action text, template jsonb, params jsonb, scope jsonb, sheet_context jsonb,
  options jsonb, requested_by jsonb, attempt integer, steps_done jsonb, deadline_at timestamptz, env text, title text
)
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  today date := (moment at time zone 'UTC')::date;
  lease_time interval := make_interval(secs => runboard_internal.setting('lease') / 1000.0);
  began integer;
begin
  return query
  with begun as (
    update public.runs as r
    set status = 'running', attempt = r.attempt + 1, started_at = coalesce(r.started_at, moment), version = r.version + 1
    where r.run_id = any ($3) and r.status = 'queued'
    returning r.*
  ),
  run as materialized (
    select b.*, v.definition, u.place, kept.steps, nextval('runboard_internal.lease_seq') as new_lease_seq,
      moment + make_interval(secs => b.timeout_seconds) as new_deadline_at
    from begun as b
    join unnest($3) with ordinality as u(id, place) on u.id = b.run_id
    left join public.run_template_versions as v on v.slug = b.template_slug and v.version = b.template_version
    -- Steps that succeeded before are not run again; `restart: true` keeps only what rerun_run copied.
    cross join lateral (
      select jsonb_object_agg(s.step, s.output order by s.lease_seq) as steps
      from public.run_steps as s
      where s.run_id = b.run_id and s.status = 'success'
        and (s.lease_seq = 0 or v.definition -> 'policy' -> 'restart' is distinct from 'true')
    ) as kept
  ),
  lease as (
    insert into runboard_internal.run_leases (
      run_id, lease_seq, worker_id, lane, concurrency_key, attempt, claimed_at, day, heartbeat_at, expires_at, deadline_at, steps_done, progress, log_line_count
    )
    select r.run_id, r.new_lease_seq, $1, r.lane, r.concurrency_key, r.attempt, moment, today, moment, moment + lease_time, r.new_deadline_at,
      coalesce((select count(*) from jsonb_object_keys(r.steps)), 0), r.progress, r.log_line_count
    from run as r
  ),
  event as (
    insert into public.run_events (run_id, lease_seq, seq, day, at, kind, message, data)
    select told.run_id, 0, nextval('runboard_internal.event_seq'), today, moment, told.kind, told.message, told.data
    from (
      select r.place, 1 as part, r.run_id, 'claimed' as kind, format('Claimed by %s (attempt %s).', worker_name, r.attempt) as message,
        jsonb_build_object('worker', worker_name, 'worker_id', $1, 'attempt', r.attempt, 'lease_seq', r.new_lease_seq) as data
      from run as r
      union all
      select r.place, 2, r.run_id, 'resumed',
        format('Goes on after %s; its result is kept.', (select string_agg(k, ', ' order by k) from jsonb_object_keys(r.steps) as k)),
        jsonb_build_object('steps_done', (select jsonb_agg(k order by k) from jsonb_object_keys(r.steps) as k))
      from run as r
      where r.steps is not null
      order by 1, 2
    ) as told
  )
  select r.run_id, r.new_lease_seq, r.lane, r.action,
    case when r.template_slug is not null then jsonb_build_object('slug', r.template_slug, 'version', r.template_version, 'definition', r.definition) end,
    r.params, r.scope, r.sheet_context, r.options, r.requested_by, r.attempt, coalesce(r.steps, '{}'), r.new_deadline_at, r.env, r.title
  from run as r
  order by r.place;
  get diagnostics began = row_count;
  if began <> cardinality($3) then
    raise exception 'took % runs from the queue but only % were queued', cardinality($3), began;
  end if;
end
$$;
comment on function runboard_internal.lease_runs(uuid, text, text[], timestamptz) is 'Leases runs to a worker and answers what it needs to work.';
revoke execute on function runboard_internal.lease_runs(uuid, text, text[], timestamptz) from public;
