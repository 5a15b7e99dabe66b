-- A run that is given its place by the old pace of its lane while the pace changes would stand where nobody ever comes
-- to: the place of a lane that ages is a number a million times that of one that does not.
create or replace function runboard_internal.rank_lane() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- Who gives a run its place holds this lock for reading: such a place is either seen below or worked out anew.
  perform pg_advisory_xact_lock(hashtextextended('rank ' || new.name, 3));
  update runboard_internal.run_queue as q
  set rank = runboard_internal.queue_rank(q.priority, r.created_at, new.aging_seconds)
  from public.runs as r
  where q.lane = new.name and r.run_id = q.run_id;
  return null;
end
$$;
create or replace function runboard_internal.rank_queued() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('rank ' || new.lane, 3));
  new.rank := runboard_internal.queue_rank(new.priority,
    case when new.seq = 0 then coalesce((select r.created_at from public.runs as r where r.run_id = new.run_id), new.queued_at) else new.queued_at end,
    (select l.aging_seconds from public.lanes as l where l.name = new.lane));
  return new;
end
$$;
