-- Runs that failed in the last hour, by the worker that had each last. No more than 1000 are looked at.
select last.worker_id, count(*) as failed
from (
  select e.run_id
  from runboard_internal.run_ends as e
  where e.status = 'failed'
    and e.finished_at > runboard_internal.clock() - interval '1 hour'
  order by e.finished_at desc
  limit 1000
) as ended
cross join lateral (
  select a.worker_id
  from public.run_attempts as a
  where a.run_id = ended.run_id
  order by a.lease_seq desc
  limit 1
) as last
group by last.worker_id
