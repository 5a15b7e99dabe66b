-- The ledger after a scenario. $1: when things were broken.
-- A claim looks at the clock before it stands in line for its lane, an end before it commits: two
-- intervals that only touch may seem to overlap by the length of such a wait. Half a second is left out
-- at the end of each; an overlap that lasts longer is seen here, a shorter one by the watch.
with settled as materialized (
  select a.run_id, a.lease_seq, a.outcome, a.claimed_at, a.ended_at, a.ended_at - interval '500 milliseconds' as surely_until,
    r.lane, r.concurrency_key
  from public.run_attempts as a
  join public.runs as r on r.run_id = a.run_id
),
followed as (
  select s.run_id, s.lease_seq, s.surely_until,
    lead(s.claimed_at) over (partition by s.run_id order by s.lease_seq) as next_claimed_at
  from settled as s
),
move as (
  select s.lane, s.claimed_at as at, 1 as step from settled as s where s.surely_until > s.claimed_at
  union all
  select s.lane, s.surely_until, -1 from settled as s where s.surely_until > s.claimed_at
),
load as (
  select m.lane, sum(m.step) over (partition by m.lane order by m.at, m.step) as running from move as m
),
recovery as (
  -- From a fault to the next success of anybody.
  select (select min(s.ended_at) from settled as s where s.outcome = 'success' and s.ended_at > f.at) - f.at as span
  from unnest($1::timestamptz[]) as f (at)
  union all
  -- From the fault that took an attempt to the next claim of its run.
  select
    (select min(n.claimed_at) from settled as n where n.run_id = s.run_id and n.lease_seq > s.lease_seq)
      - (select max(f.at) from unnest($1::timestamptz[]) as f (at) where f.at <= s.ended_at)
  from settled as s
  where s.outcome = 'lost'
)
select
  (select count(*) from public.runs) as known,
  (select count(*) from public.runs as r where r.finished_at is null) as open,
  (select count(*) from (
     select s.run_id from settled as s where s.outcome = 'success' group by s.run_id having count(*) > 1
     union
     select e.run_id from public.run_events as e
     where e.lease_seq = 0 and e.kind in ('success', 'failed', 'canceled') group by e.run_id having count(*) > 1) as twice) as completed_twice,
  (select coalesce(string_agg(o.status || ' ' || o.runs, ' + ' order by o.status), 'none')
   from (select r.status, count(*) as runs from public.runs as r group by r.status) as o) as outcomes,
  (select count(*) from settled as s where s.outcome = 'lost') as lost_attempts,
  (select extract(epoch from max(span))::float8 from recovery) as recovered_in_s,
  concat_ws('; ',
    (select 'two leases at once: ' || string_agg(f.run_id, ' ') from followed as f where f.next_claimed_at < f.surely_until),
    (select 'lane over its limit by its attempts: ' || string_agg(format('%s had %s', x.lane, x.most), ', ')
     from (select l.lane, max(l.running) as most from load as l group by l.lane) as x
     join public.lanes as n on n.name = x.lane
     where x.most > n.max_running)) as wrong
