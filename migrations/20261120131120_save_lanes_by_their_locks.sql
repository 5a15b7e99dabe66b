-- A lane is made or edited as a whole: what a caller leaves out is what a new lane has. Two people who
-- edit one lane at a time must not undo each other, so an edit names the version it was made from.
create or replace function public.save_lane(name text, spec jsonb, expected_version bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('admin');
  moment timestamptz := runboard_internal.clock();
  known public.lanes;
  saved public.lanes;
  wanted record;
begin
  if save_lane.name is null or save_lane.name !~ '^[A-Z][A-Z0-9_]{0,30}$' then
    perform runboard_internal.refuse(422, 'invalid', 'A lane is named by a capital letter, then capitals, digits or _, at most 31.', null, 'name');
  end if;
  select * into wanted
  from jsonb_to_record(spec) as s(title text, purpose text, "position" integer, max_running integer, max_per_key integer,
    rate_limit integer, rate_seconds integer, aging_seconds integer);
  if coalesce(trim(wanted.title), '') = '' or length(wanted.title) > 100 then
    perform runboard_internal.refuse(422, 'invalid', 'A lane has a title of 1 to 100 characters.', null, 'title');
  end if;
  if length(wanted.purpose) > 1000 then
    perform runboard_internal.refuse(422, 'invalid', 'The purpose has at most 1000 characters.', null, 'purpose');
  end if;
  if wanted.max_running not between 1 and 100000 then
    perform runboard_internal.refuse(422, 'invalid', 'It is 1 to 100000, or null for no limit; pause a lane to stop it.', null, 'max_running');
  end if;
  if wanted.max_per_key not between 1 and 100000 then
    perform runboard_internal.refuse(422, 'invalid', 'It is 1 to 100000.', null, 'max_per_key');
  end if;
  if (wanted.rate_limit is null) <> (wanted.rate_seconds is null) then
    perform runboard_internal.refuse(422, 'invalid', 'A rate is so many claims per so many seconds: give both or none.', null, 'rate_limit');
  end if;
  if wanted.rate_limit not between 1 and 1000000 then
    perform runboard_internal.refuse(422, 'invalid', 'It is 1 to 1000000, or null for no limit.', null, 'rate_limit');
  end if;
  if wanted.rate_seconds not between 1 and 86400 then
    perform runboard_internal.refuse(422, 'invalid', 'It is 1 to 86400 seconds.', null, 'rate_seconds');
  end if;
  if wanted.aging_seconds not between 1 and 86400 then
    perform runboard_internal.refuse(422, 'invalid', 'It is 1 to 86400 seconds, or null for never.', null, 'aging_seconds');
  end if;

  -- Claims hold this lock when they come to the lane's row; so it is taken before the row.
  perform pg_advisory_xact_lock(hashtextextended('rank ' || save_lane.name, 3));
  select * into known from public.lanes as l where l.name = save_lane.name for no key update;
  if known.name is null and expected_version is not null then
    perform runboard_internal.refuse(409, 'version_conflict', format('There is no lane %s any more.', save_lane.name), 'Read the lanes again.', 'version');
  end if;
  if known.name is not null and expected_version is distinct from known.version then
    perform runboard_internal.refuse(409, 'version_conflict',
      format('The lane %s has version %s, not %s.', save_lane.name, known.version, coalesce(expected_version::text, 'none')),
      'Read the lane again and make your change to what it is now.', 'version');
  end if;

  insert into public.lanes as l (name, title, purpose, "position", max_running, max_per_key, rate_limit, rate_seconds, aging_seconds, created_at, updated_at)
  values (save_lane.name, trim(wanted.title), coalesce(wanted.purpose, ''),
    coalesce(wanted."position", known."position", (select coalesce(max(o."position"), 0) + 1 from public.lanes as o)),
    wanted.max_running, coalesce(wanted.max_per_key, 1), wanted.rate_limit, wanted.rate_seconds, wanted.aging_seconds, moment, moment)
  -- A lane that somebody made between the look above and this line has a version nobody here has seen.
  on conflict on constraint lanes_pkey do update
  set title = excluded.title, purpose = excluded.purpose, "position" = excluded."position", max_running = excluded.max_running,
    max_per_key = excluded.max_per_key, rate_limit = excluded.rate_limit, rate_seconds = excluded.rate_seconds,
    aging_seconds = excluded.aging_seconds, version = l.version + 1, updated_at = moment
  where l.version = expected_version
  returning * into saved;
  if saved.name is null then
    perform runboard_internal.refuse(409, 'version_conflict', format('The lane %s was made by somebody else just now.', save_lane.name), 'Read the lanes again.', 'version');
  end if;
  perform runboard_internal.audit(who, case when known.name is null then 'create_lane' else 'edit_lane' end, 'lane', save_lane.name,
    jsonb_strip_nulls(spec) || jsonb_build_object('version', saved.version));
  perform runboard_internal.hint('lane', jsonb_build_object('lanes', jsonb_build_array(save_lane.name)));
  return jsonb_build_object('name', saved.name, 'version', saved.version, 'created', known.name is null);
end
$$;
