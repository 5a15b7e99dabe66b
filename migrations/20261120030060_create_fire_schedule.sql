-- Deals with the times at which a schedule is due, once, however many servers call at the same moment: the
-- row is locked, and who expected another next_at than it has came too late. A server that reads cron says
-- which times to start (`fires`), how many were missed before them, and when the next one is.
create function public.fire_schedule(
  schedule_id uuid, expected_next_at timestamptz, next_at timestamptz,
  fires timestamptz[] default null, missed integer default 0
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  moment timestamptz := runboard_internal.clock();
  due public.schedules;
  tick timestamptz;
  local_time time;
  day_begin timestamptz;
  code text;
  message text;
  detail text;
  answer jsonb;
  answers jsonb[] := '{}';
  run_ids text[] := '{}';
  outcome text;
begin
  select * into due from public.schedules as s where s.schedule_id = fire_schedule.schedule_id for update;
  if due.schedule_id is null or not due.enabled or due.next_at is distinct from expected_next_at or due.next_at > moment then
    return jsonb_build_object('outcome', 'moved', 'run_ids', '[]'::jsonb);
  end if;
  who := jsonb_build_object('subject', null, 'actor', 'schedule ' || due.name, 'role', 'operator', 'via', 'schedule', 'person', false);
  local_time := (moment at time zone due.zone)::time;
  day_begin := date_trunc('day', moment at time zone due.zone) at time zone due.zone;

  if missed > 0 then
    outcome := 'missed';
    message := format('%s passed while no server ran.', case when missed = 1 then 'One time' else missed || ' times' end);
    insert into public.schedule_ticks (schedule_id, tick_at, at, outcome, code, message, missed_count)
    values (due.schedule_id, expected_next_at, moment, 'missed', 'missed', message, missed);
  end if;

  foreach tick in array coalesce(fires, array[expected_next_at]) loop
    code := null;
    message := null;
    answer := null;
    if (due.quiet_from <= due.quiet_to and local_time >= due.quiet_from and local_time < due.quiet_to)
       or (due.quiet_from > due.quiet_to and (local_time >= due.quiet_from or local_time < due.quiet_to)) then
      code := 'quiet_hours';
      message := format('It is quiet from %s to %s in %s.', to_char(due.quiet_from, 'HH24:MI'), to_char(due.quiet_to, 'HH24:MI'), due.zone);
    elsif due.daily_cap <= (
      select count(*) from public.schedule_ticks as t
      where t.schedule_id = due.schedule_id and t.outcome = 'fired' and t.code is null and t.at >= day_begin
    ) then
      code := 'daily_cap';
      message := format('It has started %s today in %s, which is its cap.', case when due.daily_cap = 1 then 'one run' else due.daily_cap || ' runs' end, due.zone);
    else
      begin
        -- The lock of lock_enqueue is not needed: the spec has neither an idempotency key nor asks to coalesce.
        answer := runboard_internal.enqueue(
          runboard_internal.schedule_spec(due) || jsonb_build_object('requested_by', jsonb_build_object(
            'schedule', due.schedule_id, 'schedule_name', due.name, 'tick_at', tick)), who);
      exception when others then
        -- A template that is gone must not hold up the times to come; a fault of the database must.
        if sqlstate not like 'PT4%' then
          raise;
        end if;
        get stacked diagnostics message = message_text, detail = pg_exception_detail;
        code := coalesce(detail::jsonb ->> 'code', 'refused');
      end;
    end if;
    outcome := case when answer is null then 'skipped' else 'fired' end;
    insert into public.schedule_ticks (schedule_id, tick_at, at, outcome, run_id, code, message)
    values (due.schedule_id, tick, moment, outcome, answer ->> 'run_id', code, message);
    if answer is not null then
      answers := answers || answer;
      run_ids := run_ids || (answer ->> 'run_id');
    end if;
  end loop;

  update public.schedules as s
  set next_at = fire_schedule.next_at, last_at = moment, last_outcome = coalesce(told.outcome, s.last_outcome), last_message = told.message,
    last_run_id = coalesce(run_ids[array_upper(run_ids, 1)], s.last_run_id)
  from (select outcome, message) as told
  where s.schedule_id = due.schedule_id;
  delete from public.schedule_ticks as t
  where t.tick_id in (
    select x.tick_id from public.schedule_ticks as x
    where x.schedule_id = due.schedule_id and x.at < moment - interval '30 days' order by x.at limit 200
  );
  perform runboard_internal.hint_enqueued(answers);
  return jsonb_build_object('outcome', outcome, 'code', code, 'message', message, 'run_ids', to_jsonb(run_ids));
end
$$;
comment on function public.fire_schedule(uuid, timestamptz, timestamptz, timestamptz[], integer) is 'Starts what a schedule is due to start, once, or says what holds it back: {outcome: fired | skipped | missed | moved, code, message, run_ids}.';
revoke execute on function public.fire_schedule(uuid, timestamptz, timestamptz, timestamptz[], integer) from public;
grant execute on function public.fire_schedule(uuid, timestamptz, timestamptz, timestamptz[], integer) to service_role;
