-- How many runs ever ended, for meters that must only grow. No run writes here: the ends stand in
-- run_ends already, in the order of their times. A server counts them now and then, up to a moment
-- before which nothing can be written any more; retention counts what it removes behind that moment.
create table runboard_internal.run_counts (
  lane text collate "C" not null,
  what text not null,
  total bigint not null,
  primary key (lane, what),
  constraint run_counts_what_known check (what in ('success', 'failed', 'canceled', 'recovered'))
);
comment on table runboard_internal.run_counts is 'Ends of runs, and attempts whose worker vanished, before the mark.';
alter table runboard_internal.run_counts enable row level security;

create table runboard_internal.run_count_mark (
  is_only boolean primary key default true,
  counted_until timestamptz not null,
  next_until timestamptz,
  next_xid xid8,
  constraint run_count_mark_one_row check (is_only),
  constraint run_count_mark_next_is_whole check ((next_until is null) = (next_xid is null))
);
comment on table runboard_internal.run_count_mark is 'Up to where ends are counted, and where the next count may go.';
comment on column runboard_internal.run_count_mark.next_until is 'Ends before it can be counted as soon as every transaction older than next_xid is over.';
alter table runboard_internal.run_count_mark enable row level security;

create function runboard_internal.ended_between(since timestamptz, until timestamptz)
returns table (lane text, what text, ended bigint)
language sql stable set search_path = '' as $$
  select n.name, e.status, count(*)
  from public.lanes as n
  cross join lateral (
    select x.status from runboard_internal.run_ends as x
    where x.lane = n.name and x.finished_at >= since and x.finished_at < until
  ) as e
  group by n.name, e.status
  union all
  select r.lane, 'recovered', count(*)
  from public.run_attempts as a
  join public.runs as r on r.run_id = a.run_id
  where a.outcome = 'lost' and a.ended_at >= since and a.ended_at < until
  group by r.lane
$$;
comment on function runboard_internal.ended_between(timestamptz, timestamptz) is 'Ends of runs and lost attempts in a span of time, per lane.';
revoke execute on function runboard_internal.ended_between(timestamptz, timestamptz) from public;

-- What is in the ledger now; an hour is left to the first count, because others may be writing.
insert into runboard_internal.run_count_mark (counted_until) values (clock_timestamp() - interval '1 hour');
insert into runboard_internal.run_counts (lane, what, total)
select e.lane, e.what, e.ended
from runboard_internal.run_count_mark as m
cross join lateral runboard_internal.ended_between('-infinity', m.counted_until) as e;
