-- The two foreign keys of the ledger cost every enqueued run two lookups by trigger, a third of its whole
-- price. The enqueue has just read both rows; what is left of the keys is that neither may go while a run
-- names it, and that is asked when somebody deletes one, which nearly never happens.
alter table public.runs drop constraint runs_lane_fkey;
alter table public.runs drop constraint runs_template_exists;

create function runboard_internal.keep_what_runs_name() returns trigger
language plpgsql set search_path = '' as $$
declare
  named boolean;
begin
  if tg_table_name = 'lanes' then
    named := exists (select from public.runs as r where r.lane = old.name);
  else
    named := exists (select from public.runs as r where r.template_slug = old.slug and r.template_version = old.version);
  end if;
  if named then
    perform runboard_internal.refuse(409, 'still_named', 'Runs of the ledger name it.', 'Pause the lane or archive the template instead.');
  end if;
  return old;
end
$$;
revoke execute on function runboard_internal.keep_what_runs_name() from public;
create trigger lanes_keep_named before delete on public.lanes
  for each row execute function runboard_internal.keep_what_runs_name();
create trigger run_template_versions_keep_named before delete on public.run_template_versions
  for each row execute function runboard_internal.keep_what_runs_name();
