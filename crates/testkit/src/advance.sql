-- Replaces the clock of the control plane by one that a test moves. Safe to run again.
do $$
begin
  if to_regclass('runboard_internal.test_clock') is null then
    create table runboard_internal.test_clock (ahead interval not null);
    insert into runboard_internal.test_clock values ('0');
    grant select on runboard_internal.test_clock to public;
    execute $clock$
      create or replace function runboard_internal.clock() returns timestamptz
      language sql volatile set search_path = ''
      return clock_timestamp() + (select ahead from runboard_internal.test_clock)
    $clock$;
  end if;
end
$$;
