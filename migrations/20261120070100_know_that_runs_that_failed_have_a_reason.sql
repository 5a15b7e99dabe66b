-- Only runs that failed or were canceled have a reason. A planner that takes the two columns for independent
-- expects a few hundred failed runs in a million, reads all of them and sorts; one that knows walks the index
-- from the newest and stops. On a ledger of 1.1 million runs: 18,815 pages against 91.
create statistics public.runs_status_reason (mcv) on status, reason from public.runs;
comment on statistics public.runs_status_reason is 'Which statuses have a reason: lists of failed runs are planned by it.';
