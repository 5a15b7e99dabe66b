-- When runs ended, lane by lane: the board, the chart, alerts and retention ask the ledger for it. An index
-- of the ledger on `finished_at` made every end write to every index of the run (measured: a quarter of what
-- an end costs Postgres, and 450 bytes of WAL); without it an end is rewritten in place beside the old row,
-- and this row and its one index entry are all it adds.
create table runboard_internal.run_ends (
  run_id text collate "C" not null,
  lane text collate "C" not null,
  status text not null,
  entered_at timestamptz not null,
  left_at timestamptz not null,
  finished_at timestamptz not null
);
comment on table runboard_internal.run_ends is 'One row per final run, in the order in which they ended.';
comment on column runboard_internal.run_ends.entered_at is 'When it could first have been claimed.';
comment on column runboard_internal.run_ends.left_at is 'When it first left the queue: it started, or it ended without.';

insert into runboard_internal.run_ends (run_id, lane, status, entered_at, left_at, finished_at)
select r.run_id, r.lane, r.status, greatest(r.created_at, case when r.attempt <= 1 then r.run_after end), coalesce(r.started_at, r.finished_at), r.finished_at
from public.runs as r
where r.finished_at is not null
order by r.finished_at;

create index run_ends_lane on runboard_internal.run_ends (lane, finished_at);
create index run_ends_failed on runboard_internal.run_ends (finished_at) where status = 'failed';
drop index public.runs_finished;
drop index public.runs_failed_finished;

alter table runboard_internal.run_ends enable row level security;
create policy readers on runboard_internal.run_ends for select to authenticated using ((select runboard_internal.may_read()));
create policy server on runboard_internal.run_ends to service_role using (true) with check (true);
grant select on runboard_internal.run_ends to authenticated, service_role;
