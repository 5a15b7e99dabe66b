-- A rerun takes other options, so it is a start of its own: whoever may steer the run of an admin's action
-- still may not start that action.
create function runboard_internal.require_again(run_id text) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  who jsonb := runboard_internal.require_run(run_id);
begin
  perform runboard_internal.require_action(who, r.action) from public.runs as r where r.run_id = require_again.run_id;
  return who;
end
$$;
comment on function runboard_internal.require_again(text) is 'Refuses callers who may not start what this run has done; answers the caller.';
revoke execute on function runboard_internal.require_again(text) from public;
