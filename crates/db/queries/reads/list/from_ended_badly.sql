-- Only runs that failed or were canceled have a reason, and those have an index of their own.
select r.*
from public.runs as r
where r.reason is not null
