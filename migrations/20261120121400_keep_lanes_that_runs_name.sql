-- What runs name stays. Lanes are looked for where runs stand, not in the ledger.
create or replace function runboard_internal.keep_what_runs_name() returns trigger
language plpgsql set search_path = '' as $$
declare
  named boolean;
begin
  if tg_table_name = 'lanes' then
    named := runboard_internal.lane_has_runs(old.name);
  else
    named := exists (select from public.runs as r where r.template_slug = old.slug and r.template_version = old.version);
  end if;
  if named then
    perform runboard_internal.refuse(409, 'still_named', 'Runs of the ledger name it.', 'Pause the lane or archive the template instead.');
  end if;
  return old;
end
$$;
