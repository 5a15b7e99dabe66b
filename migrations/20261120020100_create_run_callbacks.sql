-- A program outside may answer before the run has begun to wait for it. So a callback stands in a row of
-- its own from before its token leaves the house, and takes the answer whenever it comes.
create table runboard_internal.run_callbacks (
  token_sha256 text collate "C" primary key,
  run_id text collate "C" not null,
  step text not null,
  opened_at timestamptz not null,
  answered_at timestamptz,
  outcome jsonb,
  constraint run_callbacks_token_form check (token_sha256 ~ '^[0-9a-f]{64}$'),
  constraint run_callbacks_answered_has_outcome check ((answered_at is null) = (outcome is null)),
  constraint run_callbacks_of_run foreign key (run_id) references public.runs (run_id) on delete cascade,
  constraint run_callbacks_one_per_step unique (run_id, step)
);
comment on table runboard_internal.run_callbacks is 'Answers that steps asked programs outside for. The token itself is known to that program only.';
comment on column runboard_internal.run_callbacks.token_sha256 is 'SHA-256 of the token, hex.';
comment on column runboard_internal.run_callbacks.outcome is 'The answer: {status: success | failed, output?, error?}.';
alter table runboard_internal.run_callbacks enable row level security;
