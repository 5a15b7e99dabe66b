-- Whether parameters, with defaults filled in, pass a template: what checked_params decides, when the answer
-- is yes, without a function call per run. `types` is what param_types made of the schema, once.
create function runboard_internal.param_types(schema jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(p.key, case jsonb_typeof(p.value -> 'type') when 'array' then p.value -> 'type' else jsonb_build_array(p.value -> 'type') end), '{}')
    from jsonb_each(schema -> 'properties') as p
    where jsonb_typeof(p.value) = 'object' and p.value ? 'type');
end
$$;
comment on function runboard_internal.param_types(jsonb) is 'Types that a schema accepts, by parameter.';
revoke execute on function runboard_internal.param_types(jsonb) from public;

create function runboard_internal.params_pass(filled jsonb, required text[], known text[], types jsonb) returns boolean
language sql immutable
return filled ?& required
  and (known is null or (filled - known) = '{}')
  and (types = '{}' or not exists (
    select from jsonb_each(filled) as given
    where types ? given.key
      and not (types -> given.key ? jsonb_typeof(given.value)
        or (jsonb_typeof(given.value) = 'number' and types -> given.key ? 'integer' and (given.value #>> '{}')::numeric % 1 = 0))));
comment on function runboard_internal.params_pass(jsonb, text[], text[], jsonb) is 'Whether parameters are complete, known and of the right types.';
revoke execute on function runboard_internal.params_pass(jsonb, text[], text[], jsonb) from public;
