-- `any` keeps the action in the order, which only one index has: the planner has no choice to get wrong.
select r.*
from public.runs as r
where r.action = any ($4::text[])
