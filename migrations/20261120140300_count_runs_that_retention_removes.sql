-- One bounded step of forgetting one kind of history. The caller repeats it until nothing is left to do, in
-- a transaction each, so that nobody waits long and a crash loses nothing. It removes only what the saved
-- days allow, whoever calls. A run that goes before it was counted is counted here: it would be missing in what
-- the meters say of all time.
create or replace function public.apply_retention(kind text, most integer default 500) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  moment timestamptz := runboard_internal.clock();
  bound integer := least(greatest(most, 1), 5000);
  kept_days integer;
  before timestamptz;
  before_day date;
  parent text := case apply_retention.kind when 'logs' then 'run_log_chunks' when 'events' then 'run_events' end;
  moved date;
  dropped jsonb;
  removed bigint := 0;
  is_more boolean := false;
  counted timestamptz;
  tests bigint;
begin
  perform runboard_internal.require('worker');
  select r.days into kept_days from public.retention as r where r.kind = apply_retention.kind;
  if kept_days is null then
    return jsonb_build_object('removed', 0, 'more', false);
  end if;
  before := moment - make_interval(days => kept_days);
  before_day := (before at time zone 'UTC')::date;

  if parent is not null then
    -- What is old and in the default partition was late, or was kept for a run that was still open.
    if parent = 'run_events' then
      delete from runboard_internal.run_events_default as d
      where d.ctid = any (array(select x.ctid from runboard_internal.run_events_default as x
        where x.day < before_day and x.run_id not in (select o.run_id from runboard_internal.open_runs() as o) limit bound));
    else
      delete from runboard_internal.run_log_chunks_default as d
      where d.ctid = any (array(select x.ctid from runboard_internal.run_log_chunks_default as x
        where x.day < before_day and x.run_id not in (select o.run_id from runboard_internal.open_runs() as o) limit bound));
    end if;
    get diagnostics removed = row_count;
    is_more := removed = bound;
    if not is_more then
      dropped := runboard_internal.drop_old_day(parent, before_day);
      is_more := dropped is not null;
      removed := removed + coalesce((dropped ->> 'removed')::bigint, 0);
      if dropped is null then
        -- Younger days that fell into the default partition get their own, to be dropped when their time comes.
        perform set_config('lock_timeout', '2s', true);
        moved := runboard_internal.empty_default_partition(parent, before_day, (moment at time zone 'UTC')::date + 4);
        is_more := moved is not null;
      end if;
    end if;
  elsif apply_retention.kind = 'runs' then
    -- Whoever counts ends waits meanwhile, or passes by: what goes uncounted is counted here.
    select m.counted_until into counted from runboard_internal.run_count_mark as m for update;
    with old as (
      select o.run_id
      from public.lanes as l
      cross join lateral (
        select e.run_id from runboard_internal.run_ends as e
        where e.lane = l.name and e.finished_at < before
        order by e.finished_at limit bound
      ) as o
      limit bound
    ),
    gone as (
      delete from public.runs as r using old where r.run_id = old.run_id and r.finished_at is not null
      returning r.run_id, r.lane, r.status, r.finished_at
    ),
    noted as (
      insert into runboard_internal.run_counts as c (lane, what, total)
      select g.lane, g.status, count(*) from gone as g where g.finished_at >= counted group by g.lane, g.status
      union all
      select g.lane, 'recovered', count(*)
      from gone as g
      join public.run_attempts as a on a.run_id = g.run_id
      where a.outcome = 'lost' and a.ended_at >= counted
      group by g.lane
      on conflict on constraint run_counts_pkey do update set total = c.total + excluded.total
    )
    select count(*) into removed from gone as g;
    is_more := removed = bound;
  elsif apply_retention.kind = 'bulk' then
    delete from public.bulk_operations as b
    where b.bulk_id in (select x.bulk_id from public.bulk_operations as x where x.finished_at < before limit least(bound, 50));
    get diagnostics removed = row_count;
    is_more := removed > 0;
  elsif apply_retention.kind = 'alerts' then
    delete from public.alerts as a
    where a.alert_id in (select x.alert_id from public.alerts as x where x.resolved_at < before limit bound);
    get diagnostics removed = row_count;
    is_more := removed = bound;
    -- Messages that try out a channel belong to no alert.
    delete from public.alert_deliveries as d
    where d.delivery_id in (
      select x.delivery_id from public.alert_deliveries as x
      where x.alert_id is null and x.next_try_at is null and x.created_at < before limit bound);
    get diagnostics tests = row_count;
    removed := removed + tests;
    is_more := is_more or tests = bound;
  end if;
  update public.retention as r
  set last_applied_at = moment,
    last_removed_count = removed + case when r.last_applied_at > moment - interval '10 minutes' then coalesce(r.last_removed_count, 0) else 0 end
  where r.kind = apply_retention.kind;
  return jsonb_build_object('removed', removed, 'more', is_more) || coalesce(jsonb_build_object('day', dropped -> 'day'), '{}');
exception when lock_not_available then
  return jsonb_build_object('removed', 0, 'more', false, 'busy', true);
end
$$;
