-- A worker that grows until the kernel ends it takes its runs along; who looks at the workers sees it coming.
alter table public.workers add column memory_bytes bigint;
alter table public.workers add constraint workers_memory_not_negative check (memory_bytes >= 0);
comment on column public.workers.memory_bytes is 'Memory of the process (resident set) at its last heartbeat, in bytes, without what its steps started; null when it does not say.';
