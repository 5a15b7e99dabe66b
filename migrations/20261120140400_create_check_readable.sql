-- What is stored is wrapped again and again on its way, and readers stop at 128 levels: a run that nobody can
-- read would be missing from every list it belongs to. So nothing comes in that is nested deeper than 64, and
-- no number that only Postgres can hold.
create function runboard_internal.check_readable(value jsonb, field text) returns void
language plpgsql immutable set search_path = '' as $$
begin
  if value @? '$.**{65 to last}' then
    perform runboard_internal.refuse(422, 'too_deep', format('The field %s is nested deeper than 64 levels.', field),
      'Send a plainer value, or the whole as a text.', field);
  end if;
  if value @? '$.** ? (@.type() == "number" && (@ > 1e308 || @ < -1e308))' then
    perform runboard_internal.refuse(422, 'number_too_large', format('The field %s holds a number beyond 1e308.', field),
      'Send it as a text.', field);
  end if;
end
$$;
comment on function runboard_internal.check_readable(jsonb, text) is 'Refuses JSON that some reader cannot follow.';
revoke execute on function runboard_internal.check_readable(jsonb, text) from public;
