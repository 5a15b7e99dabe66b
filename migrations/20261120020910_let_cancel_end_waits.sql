-- A cancel always ends: a queued or waiting run at once, a running one when its worker hears of it, by force
-- when the worker had its grace, by the sweep when the worker is gone. Asking twice changes nothing.
create or replace function public.cancel_run(run_id text, reason text default null, force boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_run(run_id);
  moment timestamptz := runboard_internal.clock();
  grace interval := make_interval(secs => runboard_internal.setting('cancel_grace') / 1000.0);
  why text := nullif(trim(left(reason, 500)), '');
  by_whom text := format('by %s%s', who ->> 'actor', coalesce(': ' || nullif(trim(left(reason, 500)), ''), '.'));
  now_status text;
  lease record;
begin
  -- A claim, a requeue or a promotion may pass between two looks; each look is a fresh snapshot.
  for look in 1..10 loop
    select r.status into now_status from public.runs as r where r.run_id = cancel_run.run_id;
    if now_status in ('success', 'failed', 'canceled') then
      return jsonb_build_object('run_id', cancel_run.run_id, 'status', now_status, 'outcome', 'already_final');
    end if;

    if runboard_internal.end_queued(cancel_run.run_id, 'canceled_by_person', 'Canceled before it started ' || by_whom, moment)
       or runboard_internal.end_waiting(cancel_run.run_id, 'canceled_by_person', 'Canceled while it waited ' || by_whom, moment) then
      update public.runs as r set cancel_reason = why where r.run_id = cancel_run.run_id;
      perform runboard_internal.audit(who, 'cancel_run', 'run', cancel_run.run_id, jsonb_strip_nulls(jsonb_build_object('reason', why)));
      perform runboard_internal.hint('cancel', jsonb_build_object('runs', jsonb_build_array(cancel_run.run_id)));
      return jsonb_build_object('run_id', cancel_run.run_id, 'status', 'canceled', 'outcome', 'canceled');
    end if;

    select l.lease_seq, l.cancel_requested_at into lease
    from runboard_internal.run_leases as l where l.run_id = cancel_run.run_id for no key update;
    continue when not found;

    if lease.cancel_requested_at is null then
      update runboard_internal.run_leases as l set cancel_requested_at = moment, version = l.version + 1 where l.run_id = cancel_run.run_id;
      update public.runs as r set cancel_requested_at = moment, cancel_reason = why, version = r.version + 1 where r.run_id = cancel_run.run_id;
      perform runboard_internal.record_event(cancel_run.run_id, moment, 'cancel_requested', 'Cancel requested ' || by_whom,
        jsonb_strip_nulls(jsonb_build_object('actor', who ->> 'actor', 'reason', why)));
      perform runboard_internal.audit(who, 'cancel_run', 'run', cancel_run.run_id, jsonb_strip_nulls(jsonb_build_object('reason', why)));
      perform runboard_internal.hint('cancel', jsonb_build_object('runs', jsonb_build_array(cancel_run.run_id)));
      lease.cancel_requested_at := moment;
    elsif force and lease.cancel_requested_at + grace <= moment then
      perform runboard_internal.end_attempts(jsonb_build_array(
        jsonb_build_object('run_id', cancel_run.run_id, 'lease_seq', lease.lease_seq, 'how', 'canceled',
          'error', jsonb_build_object('code', 'cancel_forced', 'message', 'Its worker did not stop in time; whatever it still does is ignored.'))));
      perform runboard_internal.audit(who, 'cancel_run', 'run', cancel_run.run_id, jsonb_strip_nulls(jsonb_build_object('reason', why, 'force', true)));
      perform runboard_internal.hint('cancel', jsonb_build_object('runs', jsonb_build_array(cancel_run.run_id)));
      return jsonb_build_object('run_id', cancel_run.run_id, 'status', 'canceled', 'outcome', 'canceled');
    end if;
    return jsonb_build_object('run_id', cancel_run.run_id, 'status', 'running', 'outcome', 'requested', 'force_after', lease.cancel_requested_at + grace);
  end loop;
  perform runboard_internal.refuse(409, 'run_is_moving', format('The run %s changes hands too quickly.', cancel_run.run_id), 'Try again.');
end
$$;
