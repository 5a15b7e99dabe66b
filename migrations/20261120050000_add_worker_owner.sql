-- Workers that speak HTTP hold a token, and a token must not reach the runs of another token's workers.
alter table public.workers add column registered_by text;
comment on column public.workers.registered_by is 'Subject of the token that registered it over HTTP; null for workers that speak SQL.';
