-- Whether the caller may act as this worker: the system may act as any, a token only as its own.
create function runboard_internal.owns_worker(who jsonb, registered_by text) returns boolean
language sql immutable
return not (who ->> 'person')::boolean or who ->> 'role' <> 'worker' or registered_by is not distinct from who ->> 'subject';
comment on function runboard_internal.owns_worker(jsonb, text) is 'Whether a caller may act as a worker that was registered by this subject.';
revoke execute on function runboard_internal.owns_worker(jsonb, text) from public;
