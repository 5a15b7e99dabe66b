-- Process lives of the last 24 hours, those that live first.
with held as materialized (
  select l.worker_id, count(*) as runs from runboard_internal.run_leases as l group by l.worker_id
)
select
  w.worker_id, w.name, w.host, w.pid, w.version, w.lanes, w.kinds, w.slots,
  coalesce(held.runs, 0) as running,
  w.started_at, w.heartbeat_at, w.expires_at, w.draining_at, w.stopped_at, w.last_claim_at, w.memory_bytes
from public.workers as w
left join held on held.worker_id = w.worker_id
where w.heartbeat_at > runboard_internal.clock() - interval '24 hours'
order by w.stopped_at is not null, w.stopped_at desc, w.expires_at <= runboard_internal.clock(), w.name, w.started_at
limit 200
