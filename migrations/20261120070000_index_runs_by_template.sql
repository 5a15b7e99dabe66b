-- A list of the runs of one template or action reads those and no others, however rare they are in the ledger.
-- Both columns stay as they were enqueued, so a claim rewrites no index.
create index runs_template_created on public.runs (template_slug, created_at desc, run_id desc) where template_slug is not null;
create index runs_action_created on public.runs (action, created_at desc, run_id desc) where action is not null;
