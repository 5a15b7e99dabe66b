-- A template that starts over at every attempt asks its program outside anew. The answer to the first question has ended
-- the first wait and must not end the second.
alter table runboard_internal.run_callbacks add column consumed_at timestamptz;
comment on column runboard_internal.run_callbacks.consumed_at is 'When the wait that it belongs to has ended, by its answer or otherwise.';
