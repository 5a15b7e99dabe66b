-- `any` keeps the template in the order, which only one index has: the planner has no choice to get wrong.
select r.*
from public.runs as r
where r.template_slug = any ($3::text[])
