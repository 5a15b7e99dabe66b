-- A notification makes its transaction hold one lock of the whole server from before its commit until after
-- it reached the disk: transactions that notify commit one after the other (measured: 8 clients enqueue as
-- much as one). So who enqueues much leaves it out and announces afterwards, many runs at once, in a
-- transaction that writes nothing. An announcement that never comes is one more lost hint: polling finds the run.
create function public.announce_runs(run_ids text[]) returns void
language plpgsql volatile security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
  perform runboard_internal.require('planner');
  perform runboard_internal.hint('enqueued', jsonb_build_object(
    'lanes', (select coalesce(jsonb_agg(distinct r.lane), '[]') from public.runs as r where r.run_id = any (announce_runs.run_ids)),
    'runs', to_jsonb(announce_runs.run_ids[1:51])));
end
$$;
comment on function public.announce_runs(text[]) is 'Tells workers and boards of runs that were enqueued with `announce: false`.';
revoke execute on function public.announce_runs(text[]) from public;
grant execute on function public.announce_runs(text[]) to authenticated, service_role;
