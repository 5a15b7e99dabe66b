-- Who starts a run again with other parameters can say why: the note stands in the story of both runs and in the audit log.
create or replace function public.rerun_run(run_id text, changes jsonb default '{}', from_step text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_again(run_id);
  moment timestamptz := runboard_internal.clock();
  spec jsonb := runboard_internal.spec_of(run_id);
  wanted jsonb := coalesce(nullif(changes, 'null'), '{}');
  stray text;
  first_position integer;
  kept text[];
  note text;
  answer jsonb;
  lane_name text;
begin
  if jsonb_typeof(wanted) <> 'object' then
    perform runboard_internal.refuse(422, 'invalid_field', 'The changes of a rerun are a JSON object.', 'Send {"params": {…}}.', 'changes');
  end if;
  foreach stray in array array['params', 'options'] loop
    if coalesce(jsonb_typeof(wanted -> stray), 'null') not in ('object', 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be of type object.', stray), null, 'changes.' || stray);
    end if;
  end loop;
  select c.key into stray from jsonb_object_keys(wanted) as c(key) where c.key not in ('params', 'lane', 'priority', 'options', 'run_after', 'note') limit 1;
  if stray is not null then
    perform runboard_internal.refuse(422, 'unknown_field', format('The field %s cannot be changed in a rerun.', stray), 'Change params, lane, priority, options or run_after, or leave a note.', 'changes.' || stray);
  end if;
  if coalesce(jsonb_typeof(wanted -> 'note'), 'null') not in ('string', 'null') then
    perform runboard_internal.refuse(422, 'invalid_field', 'The field note must be of type string.', null, 'changes.note');
  end if;
  note := nullif(left(btrim(wanted ->> 'note'), 2000), '');
  if from_step is not null then
    select s.position - 1 into first_position
    from public.run_template_versions as v
    cross join lateral jsonb_array_elements(v.definition -> 'steps') with ordinality as s(step, position)
    where v.slug = spec ->> 'template' and v.version = (spec ->> 'template_version')::integer and s.step ->> 'id' = from_step;
    if first_position is null then
      perform runboard_internal.refuse(422, 'unknown_step', format('This run has no step %s.', from_step), 'Leave it out to run all steps.', 'from_step');
    end if;
  end if;

  -- Given parameters replace those of the same name; null takes one away.
  spec := spec || (wanted - array['params', 'options', 'note'])
    || jsonb_build_object(
      'params', (select coalesce(jsonb_object_agg(p.key, p.value), '{}')
        from jsonb_each((spec -> 'params') || coalesce(nullif(wanted -> 'params', 'null'), '{}')) as p
        where p.value <> 'null' or not coalesce(wanted -> 'params', '{}') ? p.key),
      'options', coalesce(nullif(wanted -> 'options', 'null'), spec -> 'options'));
  answer := runboard_internal.enqueue(spec, who);

  if first_position > 0 then
    -- lease_seq 0: results that came with the run; a claim keeps them whatever the template says.
    with done as (
      select distinct on (s.step) s.* from public.run_steps as s
      where s.run_id = rerun_run.run_id and s.status = 'success' and s.position < first_position
      order by s.step, s.lease_seq desc
    ),
    copied as (
      insert into public.run_steps (run_id, lease_seq, step, attempt, position, title, kind, status, try, started_at, finished_at, output)
      select answer ->> 'run_id', 0, d.step, 0, d.position, d.title, d.kind, d.status, d.try, d.started_at, d.finished_at, d.output from done as d
      returning step
    )
    select array_agg(c.step) into kept from copied as c;
  end if;
  perform runboard_internal.record_event(run_id, moment, 'rerun', format('Started again as %s by %s%s', answer ->> 'run_id', who ->> 'actor', coalesce(': ' || note, '.')),
    jsonb_strip_nulls(jsonb_build_object('run_id', answer ->> 'run_id', 'from_step', from_step, 'steps_kept', to_jsonb(kept), 'note', note)));
  if note is not null then
    perform runboard_internal.record_event(answer ->> 'run_id', runboard_internal.clock(), 'note', format('%s: %s', who ->> 'actor', note), jsonb_build_object('actor', who ->> 'actor', 'note', note));
  end if;
  perform runboard_internal.audit(who, 'rerun_run', 'run', run_id, jsonb_strip_nulls(jsonb_build_object('run_id', answer ->> 'run_id', 'from_step', from_step, 'note', note)));
  perform runboard_internal.hint_enqueued(array[answer]);
  return jsonb_build_object('run_id', answer ->> 'run_id', 'status', answer ->> 'status');
end
$$;
