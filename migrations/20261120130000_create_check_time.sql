-- Postgres takes more for a time than any reader of a time does: `infinity`, `tomorrow`, years with six digits, and
-- times without a zone, which it reads in the zone of the session. One such value in a row makes every list that
-- holds the row unreadable. So a time from outside has one form, and lies in a span that people mean.
create function runboard_internal.check_time(given text, field text) returns void
language plpgsql volatile set search_path = '' as $$
declare
  furthest timestamptz := runboard_internal.clock() + interval '100 years';
begin
  if given is null then
    return;
  end if;
  begin
    if given !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$'
       or given::timestamptz < timestamptz '1970-01-01T00:00:00Z' then
      raise invalid_datetime_format;
    end if;
  exception when data_exception then
    perform runboard_internal.refuse(422, 'invalid_field', format('The field %s is not a time.', check_time.field), 'Write it like 2026-01-31T08:00:00Z.', check_time.field);
  end;
  if given::timestamptz > furthest then
    perform runboard_internal.refuse(422, 'invalid_field', format('The field %s is more than a hundred years away.', check_time.field), null, check_time.field);
  end if;
end
$$;
comment on function runboard_internal.check_time(text, text) is 'Refuses a time that has no zone, is none, or is more than a hundred years away.';
revoke execute on function runboard_internal.check_time(text, text) from public;
