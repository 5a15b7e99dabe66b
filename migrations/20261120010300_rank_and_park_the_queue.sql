-- The order of a lane with aging is fixed when a run enters it: a run that rises one point in so many
-- seconds stands, against all others of its lane, where `priority + time of entry / seconds` puts it. So
-- nothing has to be re-ordered while runs wait, and the claim walks one index.
--
-- A run whose concurrency key is taken is parked: it leaves the part of the index that claims walk, and
-- comes back when a holder of its key ends.
create function runboard_internal.queue_rank(priority integer, since timestamptz, aging_seconds integer) returns double precision
language sql immutable
return case
  when aging_seconds is null then priority::double precision
  else priority + extract(epoch from since - timestamptz '2020-01-01T00:00:00Z')::double precision / aging_seconds
end;
comment on function runboard_internal.queue_rank(integer, timestamptz, integer) is 'Place of a queued run among those of its lane; the lowest is next.';
revoke execute on function runboard_internal.queue_rank(integer, timestamptz, integer) from public;

alter table runboard_internal.run_queue
  add column rank double precision,
  add column parked boolean not null default false;
comment on column runboard_internal.run_queue.rank is 'Place in its lane: priority, less the points it gains by waiting. The lowest is next.';
comment on column runboard_internal.run_queue.parked is 'Its concurrency key is taken: claims do not see it until a holder of the key ends.';
update runboard_internal.run_queue as q
set rank = runboard_internal.queue_rank(q.priority, r.created_at, l.aging_seconds)
from public.lanes as l, public.runs as r
where l.name = q.lane and r.run_id = q.run_id;
alter table runboard_internal.run_queue alter column rank set not null;

drop index runboard_internal.run_queue_claim;
create index run_queue_claim on runboard_internal.run_queue (lane, parked, rank, seq);
create index run_queue_key on runboard_internal.run_queue (concurrency_key, parked, lane, rank, seq) where concurrency_key is not null;

-- Who puts a run into the queue need not know about ranks. A run that had its turn already (seq 0) has
-- waited since it was made.
create function runboard_internal.rank_queued() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.rank := runboard_internal.queue_rank(new.priority,
    case when new.seq = 0 then coalesce((select r.created_at from public.runs as r where r.run_id = new.run_id), new.queued_at) else new.queued_at end,
    (select l.aging_seconds from public.lanes as l where l.name = new.lane));
  return new;
end
$$;
revoke execute on function runboard_internal.rank_queued() from public;
create trigger run_queue_rank before insert on runboard_internal.run_queue
  for each row when (new.rank is null) execute function runboard_internal.rank_queued();

create function runboard_internal.rank_lane() returns trigger
language plpgsql set search_path = '' as $$
begin
  update runboard_internal.run_queue as q
  set rank = runboard_internal.queue_rank(q.priority, r.created_at, new.aging_seconds)
  from public.runs as r
  where q.lane = new.name and r.run_id = q.run_id;
  return null;
end
$$;
revoke execute on function runboard_internal.rank_lane() from public;
create trigger lanes_rank after update of aging_seconds on public.lanes
  for each row when (new.aging_seconds is distinct from old.aging_seconds) execute function runboard_internal.rank_lane();
