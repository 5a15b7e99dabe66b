-- The claim. Its promises: a run is given once; a lane is never over max_running or its rate and a key never
-- over max_per_key, with any number of claimers; a paused lane gives nothing once the pause is committed;
-- the work per call follows `want`, not the length of the queue.
--
-- Exactness comes from locks, not luck. Claimers of a lane with a limit or a rate stand in line at its row
-- (locked in the order of names) and count its leases and tokens in a later statement, whose snapshot sees
-- all that those before them committed. Keys are guarded by advisory locks that are only tried, never waited
-- for: who does not get one leaves the run to the claimer that did. So nothing here can deadlock or overshoot.
--
-- The tables here go from empty to long and back faster than statistics are gathered, and a plan made for an
-- empty queue sorts a long one at every claim. So the planner is left the one plan that is right for every
-- length: walk the index, stop at the limit. (jit is off because the cost of what is switched off would
-- start it.) The functions called from here are planned under the same settings.
create or replace function public.claim_runs(worker_id uuid, lanes text[], want integer, definitions boolean default true)
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
  wanted integer := least(coalesce($3, 0), 500);
  limited text[];
  open_lanes text[];
  open_slots integer[];
  open_shifts double precision[];
  rated boolean;
  busy_keys text[] := '{}';
  picked text[] := '{}';
  candidate_ids text[];
  candidate_keys text[];
  judged record;
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

  limited := array(
    select l.name from public.lanes as l
    where l.name = any ($2) and l.name = any (claimer.lanes) and (l.max_running is not null or l.rate_limit is not null)
    order by l.name
    for no key update);

  -- The shift makes ranks of lanes comparable that age at different paces: it is what they gained by now.
  select array_agg(o.name), array_agg(o.slots), array_agg(runboard_internal.queue_rank(0, moment, o.aging_seconds)), bool_or(o.rated)
  into open_lanes, open_slots, open_shifts, rated
  from (
    select l.name, l.aging_seconds, l.rate_limit is not null as rated,
      least(
        wanted,
        case when l.max_running is not null then
          l.max_running - (select count(*) from runboard_internal.run_leases as x where x.lane = l.name) end,
        case when l.rate_limit is not null then runboard_internal.lane_tokens(l.name, moment) end
      )::integer as slots
    from public.lanes as l
    where l.name = any ($2) and l.name = any (claimer.lanes) and l.paused_at is null
      -- A lane that got its limit this very moment is left to the next claim, which stands in line for it.
      and (l.name = any (limited) or (l.max_running is null and l.rate_limit is null))
  ) as o
  where o.slots > 0;
  if open_lanes is null then
    return;
  end if;

  -- Candidates whose keys turn out to be taken are parked and make room for others; the rounds are bounded,
  -- and later ones look further, because many keys may be taken.
  for round in 1..12 loop
    with head as (
      -- How many each lane gives, by priority and age over all lanes, before any row is locked.
      select h.lane, count(*)::integer as take
      from (
        select q.lane
        from unnest(open_lanes, open_slots, open_shifts) as o(lane, slots, shift)
        cross join lateral (
          select q.lane, q.rank - o.shift as rank, q.seq from runboard_internal.run_queue as q
          where q.lane = o.lane and not q.parked and q.kinds <@ claimer.kinds
            and (q.concurrency_key is null or q.concurrency_key <> all (busy_keys))
          order by q.rank, q.seq
          limit o.slots
        ) as q
        order by q.rank, q.seq
        limit wanted - cardinality(picked)
      ) as h
      group by h.lane
    ),
    locked as materialized (
      select q.run_id, q.concurrency_key
      from head
      join unnest(open_lanes, open_shifts) as o(lane, shift) on o.lane = head.lane
      cross join lateral (
        select q.run_id, q.concurrency_key, q.rank - o.shift as rank, q.seq from runboard_internal.run_queue as q
        where q.lane = head.lane and not q.parked and q.kinds <@ claimer.kinds
          and (q.concurrency_key is null or q.concurrency_key <> all (busy_keys))
        order by q.rank, q.seq
        limit head.take
        for update skip locked
      ) as q
      order by q.rank, q.seq
    )
    select array_agg(k.run_id), array_agg(k.concurrency_key) into candidate_ids, candidate_keys from locked as k;
    exit when candidate_ids is null;

    judged := runboard_internal.keep_free_keys(candidate_ids, candidate_keys);
    if cardinality(judged.kept) > 0 then
      delete from runboard_internal.run_queue as q where q.run_id = any (judged.kept);
      return query select * from runboard_internal.lease_runs($1, claimer.name, judged.kept, moment, definitions);
      picked := picked || judged.kept;
    end if;
    if cardinality(judged.taken_keys) > 0 then
      perform runboard_internal.park(judged.taken_keys, 1000);
    end if;
    exit when cardinality(judged.kept) = cardinality(candidate_ids) or cardinality(picked) >= wanted;

    busy_keys := busy_keys || array(select distinct k.key from unnest(candidate_keys) as k(key) where k.key is not null);
    select array_agg(o.lane), array_agg(o.slots - coalesce(used.count, 0)::integer), array_agg(o.shift) into open_lanes, open_slots, open_shifts
    from unnest(open_lanes, open_slots, open_shifts) as o(lane, slots, shift)
    left join (select x.lane, count(*) from runboard_internal.run_leases as x where x.run_id = any (judged.kept) group by x.lane) as used on used.lane = o.lane
    where o.slots > coalesce(used.count, 0);
    exit when open_lanes is null;
  end loop;

  if cardinality(picked) = 0 then
    -- Who has nothing to do looks whether a parked run was forgotten.
    perform runboard_internal.unpark_free(100);
    return;
  end if;
  if rated then
    perform runboard_internal.take_tokens(picked, moment);
  end if;
  update public.workers as w set last_claim_at = moment where w.worker_id = $1;
end
$$;
