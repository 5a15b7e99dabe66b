-- Tries that ended, then the one that goes on.
select a.attempt, a.lease_seq, a.worker_name, a.claimed_at, a.ended_at, a.outcome, a.error
from public.run_attempts as a
where a.run_id = $1
union all
select l.attempt, l.lease_seq, coalesce(w.name, l.worker_id::text), l.claimed_at, null, 'running', null
from runboard_internal.run_leases as l
left join public.workers as w on w.worker_id = l.worker_id
where l.run_id = $1
order by lease_seq
