-- A lane may give only so many runs in so much time, and let runs that wait long rise in it. Both are null
-- for "never": a lane that does not use them pays nothing for them.
alter table public.lanes
  add column rate_limit integer,
  add column rate_seconds integer,
  add column aging_seconds integer,
  add constraint lanes_rate_limit_positive check (rate_limit > 0),
  add constraint lanes_rate_seconds_range check (rate_seconds between 1 and 86400),
  add constraint lanes_rate_is_whole check ((rate_limit is null) = (rate_seconds is null)),
  add constraint lanes_aging_seconds_range check (aging_seconds between 1 and 86400);
comment on column public.lanes.rate_limit is 'Claims of this lane per rate_seconds in the whole fleet; null means no limit.';
comment on column public.lanes.rate_seconds is 'The time that rate_limit is about.';
comment on column public.lanes.aging_seconds is 'A queued run rises one point of priority per so many seconds it waits; null means never.';

-- A person at a screen gives up within minutes; maintenance may wait hours, but not for ever.
update public.lanes as l
set aging_seconds = usual.aging_seconds
from (values ('A', 5), ('B', 30), ('C', 60), ('D', 300)) as usual(name, aging_seconds)
where l.name = usual.name;

-- A token bucket is one moment: when it will be full again. What is missing until then was taken. Whoever
-- reads it to take from it holds the lane's row.
create table runboard_internal.lane_buckets (
  lane text collate "C" primary key references public.lanes (name) on delete cascade on update cascade,
  full_at timestamptz not null
) with (fillfactor = 50);
comment on table runboard_internal.lane_buckets is 'How much of its rate a lane has used; a lane without a row has used nothing.';
comment on column runboard_internal.lane_buckets.full_at is 'When the whole rate is there again, if nothing is taken meanwhile.';
alter table runboard_internal.lane_buckets enable row level security;
create policy server on runboard_internal.lane_buckets to service_role using (true) with check (true);
create policy readers on runboard_internal.lane_buckets for select to authenticated using ((select runboard_internal.may_read()));
grant select on runboard_internal.lane_buckets to authenticated, service_role;
