-- What is stored is wrapped again and again on its way, and readers stop at 128 levels: a run that nobody can
-- read would be missing from every list it belongs to. So nothing comes in that is nested deeper than 64.
create function runboard_internal.check_depth(value jsonb, field text) returns void
language plpgsql immutable set search_path = '' as $$
begin
  if value @? '$.**{65 to last}' then
    perform runboard_internal.refuse(422, 'too_deep', format('The field %s is nested deeper than 64 levels.', field),
      'Send a plainer value, or the whole as a text.', field);
  end if;
end
$$;
comment on function runboard_internal.check_depth(jsonb, text) is 'Refuses JSON that is nested deeper than readers can follow.';
revoke execute on function runboard_internal.check_depth(jsonb, text) from public;
