-- A key that met equal work names a run that somebody else may have asked for. Who holds such a key may have its
-- answer again, but may not replace that run.
alter table runboard_internal.idempotency_keys add column coalesced boolean not null default false;
comment on column runboard_internal.idempotency_keys.coalesced is 'The run was queued before this key came, and may be of another caller.';
