-- Many completions at once; each answers for itself.
create function public.complete_runs(items jsonb) returns table (run_id text, outcome text)
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  outcomes jsonb;
begin
  select public.write_runs(coalesce(jsonb_agg(i.value || '{"op": "complete"}' order by i.ord), '[]')) into outcomes
  from jsonb_array_elements(items) with ordinality as i(value, ord);
  return query
  select i.value ->> 'run_id', outcomes ->> (i.ord - 1)::integer
  from jsonb_array_elements(items) with ordinality as i(value, ord)
  order by i.ord;
end
$$;
comment on function public.complete_runs(jsonb) is 'Ends attempts: [{run_id, lease_seq, status, result?, error?, retryable?}] → ok, lost, requeued or "error: …" each.';
revoke execute on function public.complete_runs(jsonb) from public;
grant execute on function public.complete_runs(jsonb) to service_role, runboard_worker;
