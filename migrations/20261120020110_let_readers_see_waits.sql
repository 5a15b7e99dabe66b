-- What a run waits for is no secret to who may read the run; the tokens of callbacks stay where they are.
create policy readers on runboard_internal.run_waits for select to authenticated using ((select runboard_internal.may_read()));
create policy server on runboard_internal.run_waits to service_role using (true) with check (true);
grant select on runboard_internal.run_waits to authenticated, service_role;
