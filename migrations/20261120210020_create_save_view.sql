-- Makes a view, or changes one that is the caller's. What everybody sees is shared by who may also run actions.
create function public.save_view(spec jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('viewer');
  wanted constant jsonb := '{"view_id": "string", "name": "string", "query": "string", "is_shared": "boolean"}';
  most constant integer := 50;
  moment timestamptz := runboard_internal.clock();
  mine text := runboard_internal.key_owner(who);
  field record;
  old public.saved_views;
  new_name text := trim(spec ->> 'name');
  answer public.saved_views;
begin
  if jsonb_typeof(spec) is distinct from 'object' then
    perform runboard_internal.refuse(422, 'invalid_spec', 'A view is saved by a JSON object.', 'Send {"name": "…", "query": "status=failed"}.');
  end if;
  for field in select key, value, wanted ->> key as type from jsonb_each(spec) loop
    if field.type is null then
      perform runboard_internal.refuse(422, 'unknown_field', format('There is no field %s in a view.', field.key), 'Remove it or correct its spelling.', field.key);
    elsif jsonb_typeof(field.value) not in (field.type, 'null') then
      perform runboard_internal.refuse(422, 'invalid_field', format('The field %s must be of type %s.', field.key, field.type), null, field.key);
    end if;
  end loop;
  if length(new_name) > 60 or new_name = '' then
    perform runboard_internal.refuse(422, 'invalid_field', 'The name of a view has 1 to 60 letters.', 'Choose another name.', 'name');
  elsif length(spec ->> 'query') > 2000 then
    perform runboard_internal.refuse(422, 'invalid_field', 'The filter of a view has 2000 letters at most.', 'Narrow it by fewer words.', 'query');
  end if;

  -- Two clicks of one person come one after the other.
  perform pg_advisory_xact_lock(hashtextextended('views ' || mine, 1));
  if spec ->> 'view_id' is null then
    if new_name is null then
      perform runboard_internal.refuse(422, 'invalid_field', 'A view has a name.', 'Choose one.', 'name');
    elsif (select count(*) from public.saved_views as v where v.owner = mine) >= most then
      perform runboard_internal.refuse(409, 'too_many', format('One person keeps at most %s views.', most), 'Delete one that you no longer need.');
    end if;
  else
    begin
      select * into old from public.saved_views as v where v.view_id = (spec ->> 'view_id')::uuid for update;
    exception when invalid_text_representation then
      old := null;
    end;
    if old.view_id is null or (old.owner <> mine and not old.is_shared) then
      perform runboard_internal.refuse(404, 'unknown_view', 'There is no such view.', null, 'view_id');
    elsif old.owner <> mine and runboard_internal.role_rank(who ->> 'role') < runboard_internal.role_rank('admin') then
      perform runboard_internal.refuse(403, 'forbidden', format('The view %s belongs to %s.', old.name, old.created_by), 'Save one of your own.');
    end if;
  end if;
  if coalesce((spec ->> 'is_shared')::boolean, old.is_shared, false) and not coalesce(old.is_shared, false)
     and runboard_internal.role_rank(who ->> 'role') < runboard_internal.role_rank('planner') then
    perform runboard_internal.refuse(403, 'forbidden', 'Sharing a view needs the role planner.', 'Save it for yourself.', 'is_shared');
  end if;

  begin
    if old.view_id is null then
      insert into public.saved_views (owner, created_by, name, query, is_shared, created_at, updated_at)
      values (mine, who ->> 'actor', new_name, coalesce(spec ->> 'query', ''), coalesce((spec ->> 'is_shared')::boolean, false), moment, moment)
      returning * into answer;
    else
      update public.saved_views as v
      set name = coalesce(new_name, v.name), query = coalesce(spec ->> 'query', v.query),
        is_shared = coalesce((spec ->> 'is_shared')::boolean, v.is_shared), updated_at = moment
      where v.view_id = old.view_id
      returning * into answer;
    end if;
  exception when unique_violation then
    perform runboard_internal.refuse(409, 'name_taken', format('You already have a view called %s.', new_name), 'Choose another name.', 'name');
  end;
  perform runboard_internal.audit(who, 'save_view', 'view', answer.view_id::text, jsonb_strip_nulls(jsonb_build_object(
    'before', case when old.view_id is not null then jsonb_build_object('name', old.name, 'query', old.query, 'is_shared', old.is_shared) end,
    'after', jsonb_build_object('name', answer.name, 'query', answer.query, 'is_shared', answer.is_shared))));
  return jsonb_build_object('view_id', answer.view_id, 'created', old.view_id is null);
end
$$;
comment on function public.save_view(jsonb) is 'Makes a view of runs, or changes the one of view_id: {view_id?, name, query, is_shared}; answers {view_id, created}.';
revoke execute on function public.save_view(jsonb) from public;
grant execute on function public.save_view(jsonb) to authenticated, service_role;
