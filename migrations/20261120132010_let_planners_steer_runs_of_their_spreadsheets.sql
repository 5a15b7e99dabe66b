-- The run, if the caller may steer it: operators steer all, planners those they asked for themselves and those of
-- their spreadsheets.
create or replace function runboard_internal.require_run(run_id text) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  who jsonb := runboard_internal.require('planner');
  known record;
begin
  select coalesce(r.requested_by ->> 'user', '') as requester, r.spreadsheet_id into known from public.runs as r where r.run_id = require_run.run_id;
  if not found then
    perform runboard_internal.refuse(404, 'unknown_run', format('There is no run %s.', require_run.run_id), 'Check the id: it looks like run_20260131_080000_abcdefgh.', 'run_id');
  elsif who ->> 'role' = 'planner' and known.requester is distinct from who ->> 'subject'
        and (who -> 'spreadsheets' ? known.spreadsheet_id) is not true then
    perform runboard_internal.refuse(403, 'forbidden', 'This run was started by somebody else.', 'Ask an operator.');
  end if;
  return who;
end
$$;
