-- Each part is null when all is well.
select concat_ws('; ',
  (select 'lane over its limit: ' || string_agg(l.name, ' ') from public.lanes as l
     where (select count(*) from runboard_internal.run_leases as x where x.lane = l.name) > l.max_running),
  (select 'key over its limit: ' || string_agg(k.concurrency_key, ' ') from (
     -- A waiting run keeps its key: nobody passes it.
     select x.concurrency_key from (
       select l.concurrency_key from runboard_internal.run_leases as l
       union all select w.concurrency_key from runboard_internal.run_waits as w) as x
     where x.concurrency_key is not null
     group by x.concurrency_key
     having count(*) > (select max(l.max_per_key) from public.lanes as l)) as k),
  (select 'run in two places: ' || string_agg(t.run_id, ' ') from (
     select o.run_id from (
       select q.run_id from runboard_internal.run_queue as q
       union all select d.run_id from runboard_internal.run_deferred as d
       union all select l.run_id from runboard_internal.run_leases as l
       union all select w.run_id from runboard_internal.run_waits as w) as o
     group by o.run_id having count(*) > 1) as t),
  (select 'lease of a run that does not run: ' || string_agg(l.run_id, ' ') from runboard_internal.run_leases as l
     left join public.runs as r on r.run_id = l.run_id
     where r.status is distinct from 'running'))
